"""A matchmaking day: who meets whom, when and where. Knows offers and parties, no records."""

from matcher.scheduling.day import Day, Fixed, Meeting, Offer, Party, Schedule, Unplaced
from matcher.scheduling.scheduling import schedule

__all__ = ["Day", "Fixed", "Meeting", "Offer", "Party", "Schedule", "Unplaced", "schedule"]
