"""Meetings as iCalendar (RFC 5545), which every calendar programme opens."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from api.files.programme import Appointment, Programme

if TYPE_CHECKING:
    from icalendar import Event as Entry

_ZONE: Final = ZoneInfo("Asia/Shanghai")
_MAKER: Final = "-//Hongniang//Matchmaking day//ZH"


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar. ``uid`` stays for ever; ``description`` may have several lines."""

    uid: str
    start: datetime
    end: datetime
    place: str
    summary: str
    description: str = ""


def calendar(name: str, events: Iterable[Event], made: datetime, sequence: int = 0) -> bytes:
    """A calendar file in UTF-8, with the zone that its times are in.

    ``made`` is when the events were last settled. A calendar that holds an event of the same
    ``uid`` already takes the one of the higher ``sequence`` for the newer.
    """
    from icalendar import Calendar

    book = Calendar()
    for key, value in (("prodid", _MAKER), ("version", "2.0"), ("x-wr-calname", _clean(name))):
        book.add(key, value)
    book.add("method", "PUBLISH")
    for event in events:
        book.add_component(_entry(event, made, sequence))
    book.add_missing_timezones()
    return bytes(book.to_ical())


def programme_events(programme: Programme, party: str | None = None) -> Iterable[Event]:
    """The events of everybody, or those of one ``party``, each named after the other one."""
    if party is None:
        for one in programme.appointments:
            yield _event(programme, one, f"{one.demand_party} × {one.achievement_party}")
    else:
        for one, other in programme.of(party):
            yield _event(programme, one, f"{programme.name}：{other}")


def _event(programme: Programme, one: Appointment, summary: str) -> Event:
    place = "，".join(filter(None, (programme.place, one.room)))
    description = f"需求：{one.demand}\n成果：{one.achievement}"
    uid = f"{programme.id}-{one.key}@hongniang"
    return Event(uid, one.start, one.end, place, summary, description)


def _entry(event: Event, made: datetime, sequence: int) -> "Entry":
    from icalendar import Event as Entry

    entry = Entry()
    entry.add("uid", event.uid)
    entry.add("dtstamp", made.astimezone(UTC))
    entry.add("sequence", sequence)
    entry.add("dtstart", event.start.astimezone(_ZONE))
    entry.add("dtend", event.end.astimezone(_ZONE))
    entry.add("summary", _clean(event.summary))
    entry.add("location", _clean(event.place))
    if event.description:
        entry.add("description", _clean(event.description))
    return entry


def _clean(text: str) -> str:
    """Without the characters that the format forbids; line ends stay, and are escaped."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in plain if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
