"""Files appear as a whole or not at all, and what stood there before stays until then."""

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from api.cli import report_commands
from api.files.programme import Programme
from api.pages import market_report
from api.services.programme_files import SUFFIXES, write_calendars, write_programme
from api.services.scheduling import Arranged
from matcher import files
from matcher.files import whole, write_whole
from matcher.pairing.schedule import Schedule

NOBODY = Programme("day1", "秋季对接会", "科技大市场", (), (("戊厂", "没有到场的时段。"),))
ARRANGED = Arranged(NOBODY, Schedule((), 0, 0, 0, True, 0, ()), ())


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that takes no file to its end."""

    def refused(path: Path) -> None:
        raise OSError(28, "full", path)

    monkeypatch.setattr(files, "flush", refused)


def standing(path: Path) -> Path:
    """A file of an earlier run."""
    path.write_bytes(b"before")
    return path


def is_as_before(path: Path) -> bool:
    return path.read_bytes() == b"before" and list(path.parent.iterdir()) == [path]


def test_a_file_that_could_not_be_finished_leaves_the_one_before(tmp_path: Path) -> None:
    path = standing(tmp_path / "报告.html")

    def half() -> None:
        with whole(path) as beside:
            beside.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert is_as_before(path)


def test_it_takes_its_place_only_when_it_is_complete(tmp_path: Path) -> None:
    path = standing(tmp_path / "day.xlsx")
    with whole(path) as beside:
        assert beside.suffix == path.suffix
        beside.write_bytes(b"after")
        assert path.read_bytes() == b"before"
    assert path.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [path]


def test_who_reads_the_one_before_meanwhile_reads_it_to_its_end(tmp_path: Path) -> None:
    path = standing(tmp_path / "day.ics")
    with path.open("rb") as reading:
        write_whole(path, b"after")
        assert reading.read() == b"before"


def test_what_a_kill_has_left_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "current.json"
    with whole(path) as beside:
        beside.write_bytes(b"whole")
    beside.write_bytes(b"longer than what is written")
    write_whole(path, b"whole")
    assert path.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_programme_is_written_whole(tmp_path: Path, suffix: str) -> None:
    path = standing(tmp_path / f"day{suffix}")
    with pytest.raises(OSError, match="full"):
        write_programme(path, ARRANGED)
    assert is_as_before(path)


@pytest.mark.usefixtures("full")
def test_a_calendar_is_written_whole(tmp_path: Path) -> None:
    path = standing(tmp_path / "001-甲厂.ics")
    programme = SimpleNamespace(name="会", parties=lambda: ["甲厂"], of=lambda _: [])
    with pytest.raises(OSError, match="full"):
        write_calendars(tmp_path, programme)  # type: ignore[arg-type]
    assert is_as_before(path)


@pytest.mark.usefixtures("full")
def test_a_report_is_written_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_commands, "workspace", nullcontext)
    monkeypatch.setattr(market_report, "report", lambda *_: SimpleNamespace(html="<p>供需"))
    path = standing(tmp_path / "report.html")
    with pytest.raises(OSError, match="full"):
        report_commands.report(path)
    assert is_as_before(path)
