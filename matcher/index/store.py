"""An index on disk: a folder of segments, each a folder of flat files with a manifest.

``index.json`` names the segments that count and which of their documents are alive. It is replaced
in one step once everything that it names has reached the disk, so that the folder holds a saved
state whatever happens. What it does not name is left over, and is removed by the next save.
"""

import json
import secrets
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from matcher.files import flush, sha256
from matcher.index.coarse import Coarse
from matcher.index.forward import Forward
from matcher.index.postings import Postings
from matcher.index.reader import Part
from matcher.index.search import is_coarser
from matcher.index.segment import Values
from matcher.index.shelf import FolderShelf, Shelf

FORMAT: Final = 3
INDEX: Final = "index.json"
MANIFEST: Final = "manifest.json"
_ALIVE: Final = "alive"


def write_segment(folder: Path, width: int, fill: Callable[[Shelf], Values]) -> str:
    """Write a segment that ``fill`` puts on a shelf to a new folder in ``folder``; its name."""
    name = f"segment-{secrets.token_hex(8)}"
    shelf = FolderShelf(folder / name)
    values = fill(shelf)
    arrays = shelf.arrays()
    if is_coarser(len(arrays["weights"])):  # so that no process makes them for itself
        postings = Postings(*(arrays[name] for name in Postings._fields))
        Coarse.of(postings, arrays["frequencies"]).put(shelf)
        Forward.write(postings, arrays["sizes"], shelf)
    manifest = {"format": FORMAT, "width": width, "values": values, "arrays": shelf.describe()}
    _write(folder / name / MANIFEST, manifest)
    flush(folder / name)
    return name


def commit(folder: Path, model: str, width: int, parts: Mapping[str, Part]) -> None:
    """Make these segments, which stand in ``folder`` by these names, the ones that count."""
    alive, named = f"{_ALIVE}-{secrets.token_hex(8)}", []
    for name, part in parts.items():
        words = np.ascontiguousarray(part.alive)
        is_whole = np.array_equal(words, part.segment.exists)
        if not is_whole:
            (folder / name / alive).write_bytes(words.tobytes())
            flush(folder / name / alive)
            flush(folder / name)
        named.append(
            {
                "name": name,
                "sha256": sha256(folder / name / MANIFEST),
                "alive": None if is_whole else alive,
                "alive_sha256": None if is_whole else sha256(folder / name / alive),
            }
        )
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f"{INDEX}.new"
    _write(beside, {"format": FORMAT, "model": model, "width": width, "segments": named})
    beside.replace(folder / INDEX)
    flush(folder)
    _tidy(folder, dict.fromkeys(parts, alive))


def _tidy(folder: Path, kept: Mapping[str, str]) -> None:
    """Remove what the index does not name."""
    for path in folder.iterdir():
        if path.is_dir() and path.name in kept:
            for old in path.glob(f"{_ALIVE}-*"):
                if old.name != kept[path.name]:
                    old.unlink()
        elif path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != INDEX:
            path.unlink()


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    flush(path)
