"""Every pairing at once."""

from matcher.pairing.between import grades_between

__all__ = ["grades_between"]
