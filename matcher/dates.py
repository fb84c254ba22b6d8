"""Days as ISO 8601 writes them: 2027-06-30."""

from datetime import date


def day_named(text: str | None) -> date | None:
    """The day that a text names; None without a text, and for one that names no day."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
