"""What a check of an installation tells."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked."""

    subject: str
    good: bool
    message: str


def good(subject: str, message: str) -> Finding:
    """Nothing to do."""
    return Finding(subject, True, message)


def bad(subject: str, message: str) -> Finding:
    """Something is wrong; the message says what to do about it."""
    return Finding(subject, False, message)
