"""The files that an organiser hands out: a workbook, calendars, JSON for programs."""

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from api.files.calendar import calendar, programme_events
from api.files.programme import Programme
from api.files.programme_book import write_book
from api.services.scheduling import Arranged
from matcher.errors import InvalidInput
from matcher.files import whole, write_whole

SUFFIXES: Final = (".xlsx", ".ics", ".json")
_UNFIT: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
"""Characters that names of files cannot have, somewhere."""
_LONGEST: Final = 80


def check_output(path: Path) -> None:
    """Refuse a file that could not be written, before any work is done. Raises InvalidInput."""
    if path.suffix not in SUFFIXES:
        raise InvalidInput("结果可以写成 .xlsx、.ics 或 .json 文件，请改用其中一种后缀。")
    if not path.parent.is_dir():
        raise InvalidInput(f"文件夹“{path.parent}”不存在，请先建立。")


def write_programme(path: Path, arranged: Arranged) -> None:
    """Write what the suffix says: all meetings."""
    with whole(path) as beside:
        if path.suffix == ".xlsx":
            write_book(beside, arranged.programme)
        elif path.suffix == ".ics":
            beside.write_bytes(_calendar(arranged.programme))
        else:
            said = json.dumps(as_json(arranged), ensure_ascii=False, indent=2)
            beside.write_text(said, "utf-8")


def write_calendars(folder: Path, programme: Programme) -> int:
    """One calendar for each participant, named after it; how many."""
    folder.mkdir(parents=True, exist_ok=True)
    parties = programme.parties()
    for number, party in enumerate(parties, start=1):
        name = _UNFIT.sub("_", party).strip(" .")[:_LONGEST]
        write_whole(folder / f"{number:03}-{name}.ics", _calendar(programme, party))
    return len(parties)


def as_json(arranged: Arranged) -> dict[str, Any]:
    """The programme with its bounds, for programs."""
    found, programme = arranged.schedule, arranged.programme
    measured = ("total", "bound", "spread", "spread_bound", "gap", "optimal", "seconds")
    return {
        "name": programme.name,
        "place": programme.place,
        **{name: getattr(found, name) for name in measured},
        "meetings": [
            asdict(one) | {"start": one.start.isoformat(), "end": one.end.isoformat()}
            for one in programme.appointments
        ],
        "unplaced": [{"party": party, "reason": why} for party, why in programme.unplaced],
        "missing": list(arranged.missing),
    }


def _calendar(programme: Programme, party: str | None = None) -> bytes:
    name = f"{programme.name}（{party}）" if party else programme.name
    return calendar(name, programme_events(programme, party), datetime.now(UTC))
