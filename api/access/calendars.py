"""Calendars to download."""

from typing import Final

from fastapi import Response

CALENDAR: Final = "text/calendar; charset=utf-8"


def calendar(content: bytes, name: str) -> Response:
    """A file of iCalendar, which nothing in between may keep."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=CALENDAR, headers=headers)
