"""Opens what ``store`` wrote: verified file by file, mapped, and shared by all who open it."""

import json
import re
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from matcher.errors import IndexDamaged, IndexOutdated
from matcher.files import sha256
from matcher.index.checking import check
from matcher.index.documents import DAYS, Documents
from matcher.index.legacy import read_folder
from matcher.index.reader import Part
from matcher.index.search import is_coarser
from matcher.index.segment import Segment
from matcher.index.shelf import map_file
from matcher.index.store import FORMAT, INDEX, MANIFEST

_DAMAGED: Final = "索引文件不完整或已损坏，请运行 hongniang fit 重建。"
_NAME: Final = re.compile("segment-[0-9a-f]{16}")
_WRONG: Final = (
    OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError,
    RecursionError, MemoryError,
)  # fmt: skip
"""What reading something else than an index ends in."""
_LEGACY: Final = "legacy"
"""No folder has such a name, so the segment is written by the next save."""
_OUTDATED: Final = "索引属于另一个模型或旧版本格式，请运行 hongniang fit 重建。"


class Opened(NamedTuple):
    """The width of an index, and its parts by the names of their folders.

    ``lacks_days``: at least one part is from before documents had days.
    """

    width: int
    parts: dict[str, Part]
    lacks_days: bool


def read_index(folder: Path, model: str, known: Collection[str] = ()) -> Opened:
    """What a folder holds, without the segments of these names.

    Raises IndexOutdated for another model or format, IndexDamaged if anything is not as written.
    """
    before = None
    while True:  # another process may replace the index between two steps: then there is a new one
        try:
            if (folder / MANIFEST).exists() and not (folder / INDEX).exists():
                return _legacy(folder, model)
            text = (folder / INDEX).read_bytes()
            return _read(folder, model, json.loads(text), known)
        except _WRONG as error:
            if isinstance(error, OSError) and (after := _bytes(folder / INDEX)) != before:
                before = after
                continue
            raise IndexDamaged(_DAMAGED) from error


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _read(folder: Path, model: str, index: dict[str, Any], known: Collection[str]) -> Opened:
    if index["format"] != FORMAT or index["model"] != model:
        raise IndexOutdated(_OUTDATED)
    named = {str(named["name"]): named for named in index["segments"]}
    if not all(map(_NAME.fullmatch, named)):
        raise IndexDamaged(_DAMAGED)
    named = {name: one for name, one in named.items() if name not in known}
    manifests = {name: _manifest(folder / name, named[name]["sha256"]) for name in named}
    _verify([file for n in named for file in _files(folder / n, named[n], manifests[n])])
    width = int(index["width"])
    opened = {n: _part(folder / n, named[n]["alive"], manifests[n], width) for n in named}
    parts = {f"{_LEGACY}-{n}" if _lacks_some(p) else n: p for n, p in opened.items()}
    lacks_days = any(DAYS not in manifest["arrays"] for manifest in manifests.values())
    return Opened(width, parts, lacks_days)


def _legacy(folder: Path, model: str) -> Opened:
    """A folder of the format before this one, which had no segments."""
    entries, rows = read_folder(folder, model)
    parts = {_LEGACY: Part.of(Segment.of(Documents.of(entries), rows))} if entries else {}
    return Opened(rows.shape[1], parts, lacks_days=True)


def read_segment(folder: Path) -> Segment:
    """One segment, as it was written a moment ago: nothing is verified."""
    return _segment(folder, json.loads((folder / MANIFEST).read_text("utf-8")))


def _manifest(folder: Path, checksum: str) -> dict[str, Any]:
    if sha256(folder / MANIFEST) != checksum:
        raise IndexDamaged(_DAMAGED)
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
    if manifest["format"] != FORMAT:
        raise IndexDamaged(_DAMAGED)
    return manifest


def _files(
    folder: Path, named: dict[str, Any], manifest: dict[str, Any]
) -> Iterator[tuple[Path, str]]:
    """Every file of a segment with the checksum that it should have."""
    for name, array in manifest["arrays"].items():
        yield folder / name, array["sha256"]
    if named["alive"] is not None:
        yield folder / named["alive"], named["alive_sha256"]


def _verify(files: list[tuple[Path, str]]) -> None:
    """Compare the checksums on two threads, large files first. Raises IndexDamaged."""
    files.sort(key=lambda file: -file[0].stat().st_size)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(sha256, [path for path, _ in files]))
    if found != [checksum for _, checksum in files]:
        raise IndexDamaged(_DAMAGED)


def _part(folder: Path, alive: str | None, manifest: dict[str, Any], width: int) -> Part:
    segment = _segment(folder, manifest)
    check(segment)
    if segment.width != width:
        raise IndexDamaged(_DAMAGED)
    if alive is None:
        return Part.of(segment)
    words = np.frombuffer((folder / alive).read_bytes(), np.uint64)
    if words.shape != segment.exists.shape or (words & ~segment.exists).any():
        raise IndexDamaged(_DAMAGED)
    return Part.of(segment, words)


def _lacks_some(part: Part) -> bool:
    """Whether it is from before long queries had all their arrays on disk."""
    search = part.segment.search
    is_large = is_coarser(len(search.postings.weights))
    return is_large and (search.coarse is None or search.forward is None)


def _segment(folder: Path, manifest: dict[str, Any]) -> Segment:
    arrays = {
        name: map_file(folder / name, np.dtype(array["dtype"]), tuple(array["shape"]))
        for name, array in manifest["arrays"].items()
    }
    return Segment.found(arrays, manifest["values"], int(manifest["width"]))
