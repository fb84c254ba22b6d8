"""What would make a demand easier to answer: scores with evidence, suggestions, proposals."""

from matcher.coaching.coach import coach, coach_score
from matcher.coaching.findings import Coaching, Criterion, Evidence, Suggestion

__all__ = ["Coaching", "Criterion", "Evidence", "Suggestion", "coach", "coach_score"]
