"""From pairings to the schedule of a matchmaking day; the work is done in matcher.scheduling."""

from matcher.scheduling import Day, Fixed, Meeting, Offer, Party, Schedule, Unplaced, schedule

__all__ = ["Day", "Fixed", "Meeting", "Offer", "Party", "Schedule", "Unplaced", "schedule"]
