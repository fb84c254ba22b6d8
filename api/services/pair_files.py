"""Every pairing at once into a file, going on where a run before was stopped."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from shutil import copyfile
from typing import Any, Final

from api.files import write_table
from api.files.journal import Journal
from api.files.parquet import check_parquet, write_parquet
from api.files.writing import Cell
from api.security.roles import SYSTEM
from api.services.auditing import Action, note
from api.services.pairs import COLUMNS, Wanted, checked, every_pair, rows, total
from api.services.progress import Track, silent
from api.services.workspace import Workspace
from matcher.errors import InvalidInput
from matcher.files import whole
from matcher.pairing.batch import Best
from matcher.pairing.wording import GRADE_NAMES
from models.bundle import runtime

FORMATS: Final = (".jsonl", ".csv", ".parquet")
_AT_ONCE: Final = 64
"""Records behind which the work so far is safe."""
_DIGITS: Final = 4
_CHANGED: Final = (
    "从上次开始到现在，库里的记录或判断有改动，接着做会使前后的配对不一致；"
    "请删除 {state} 后重新开始，或加上 --changed 接着做。"
)


@dataclass(frozen=True, slots=True)
class Written:
    """How many records were asked for, pairs written, and texts too long to be matched.

    ``resumed`` are those of the records that a run before had done.
    """

    records: int = 0
    pairs: int = 0
    too_long: int = 0
    resumed: int = 0


def write_pairs(
    workspace: Workspace,
    wanted: Wanted,
    path: Path,
    track: Track = silent,
    changed: bool = False,
) -> Written:
    """Write the pairs to a ``.jsonl``, ``.csv`` or ``.parquet`` file, replacing one of this name.

    The file appears when it is complete. Killed at any moment, the next run with the same options
    goes on behind the last records that were safe. Raises InvalidInput for other options, another
    model or database, a library that has changed since the first run began unless ``changed``
    ones may be gone on with, or a format that cannot be written, before anything is searched for.
    """
    _check_path(path)
    checked(workspace, wanted)
    now = _library(workspace)
    with Journal(path, _purpose(workspace, wanted)) as journal:
        library = journal.marks.get("library", now)
        if library != now and not changed:
            raise InvalidInput(_CHANGED.format(state=journal.state))
        done = Written(**journal.marks.get("done", {}))
        done = replace(done, resumed=done.records)
        after = str(journal.marks.get("after", ""))
        left = total(workspace, wanted, after)
        for some in _blocks(track(every_pair(workspace, wanted, after), "配对", left)):
            lines = rows(workspace, wanted, some)
            done = _more(done, some, len(lines))
            kept = {"after": some[-1].record.id, "done": asdict(done), "library": library}
            journal.append(lines, kept)
        _publish(journal, path, wanted)
        _note(workspace, wanted, path, done)
        journal.done()
    return done


def _check_path(path: Path) -> None:
    if path.suffix not in FORMATS:
        raise InvalidInput(f"不能写成“{path.name}”，请用 .jsonl、.csv 或 .parquet 结尾的文件名。")
    if path.suffix == ".parquet":
        check_parquet()
    if not path.absolute().parent.is_dir() or path.is_dir():
        raise InvalidInput(f"不能写到 {path}，请换一个已有目录中的文件名。")


def _purpose(workspace: Workspace, wanted: Wanted) -> dict[str, Any]:
    """What has to be the same for a run to go on where another was stopped."""
    filters = {
        n: sorted(v) if isinstance(v, frozenset) else v for n, v in asdict(wanted.filters).items()
    }
    live = workspace.live  # loaded, so that the model has a name
    segmenter = live.matchmaker.representation.segmenter
    made_with = {"version": version("hongniang"), **runtime(segmenter).model_dump()}
    database = workspace.store.changes.database_id()
    same = {"filters": filters, "model": live.name, "made_with": made_with, "database": database}
    return asdict(wanted) | same


def _library(workspace: Workspace) -> list[int | str]:
    """How far its records and decisions have come: what both runs should have found the same."""
    store = workspace.store
    return [store.changes.latest(), store.decisions.latest()]


def _blocks(found: Iterable[Best[Any]]) -> Iterator[list[Best[Any]]]:
    remaining = iter(found)
    while some := list(islice(remaining, _AT_ONCE)):
        yield some


def _more(done: Written, some: Sequence[Best[Any]], pairs: int) -> Written:
    return Written(
        done.records + len(some),
        done.pairs + pairs,
        done.too_long + sum(best.too_long for best in some),
        done.resumed,
    )


def _publish(journal: Journal, path: Path, wanted: Wanted) -> None:
    """Make the file of all rows, for its owner alone."""
    names = [name for name in COLUMNS if wanted.reasons or name != "reason"]
    with whole(path) as beside:
        beside.touch(0o600)
        if path.suffix == ".csv":
            header = [COLUMNS[name][0] for name in names]
            cells = ([_cell(n, row[n]) for n in names] for row in journal.rows())
            write_table(beside, header, cells)
        elif path.suffix == ".parquet":
            write_parquet(beside, {name: COLUMNS[name][1] for name in names}, journal.rows())
        else:
            copyfile(journal.lines, beside)


def _cell(name: str, value: Any) -> Cell:  # noqa: ANN401 - as JSON has it
    if name == "grade":
        return GRADE_NAMES.get(value)
    shown: Cell = round(value, _DIGITS) if isinstance(value, float) else value
    return shown


def _note(workspace: Workspace, wanted: Wanted, path: Path, done: Written) -> None:
    with workspace.store.writing() as unit:
        details = {"format": path.suffix[1:], "rows": done.pairs, "public": wanted.public}
        note(workspace.store, unit, SYSTEM, Action.export, "pairs", **details)
