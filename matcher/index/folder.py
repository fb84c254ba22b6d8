"""An index on disk: a folder of flat arrays, written beside and renamed, checked when opened."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_array

from matcher.errors import IndexDamaged, IndexOutdated
from matcher.index.port import Entry
from matcher.records import Facets

_FORMAT: Final = 2
_ARRAYS: Final = ("data", "indices", "indptr")
_ENTRIES: Final = "entries.jsonl"
_MANIFEST: Final = "manifest.json"


def write_folder(folder: Path, model: str, entries: Sequence[Entry], rows: csr_array) -> None:
    """Write to a neighbour of ``folder`` and put it in its place."""
    beside = folder.with_name(folder.name + ".new")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    for name in _ARRAYS:
        np.save(beside / f"{name}.npy", getattr(rows, name), allow_pickle=False)
    lines = (json.dumps(asdict(entry), ensure_ascii=False) for entry in entries)
    (beside / _ENTRIES).write_text("".join(f"{line}\n" for line in lines), "utf-8")
    manifest = {
        "format": _FORMAT,
        "model": model,
        "documents": len(entries),
        "width": rows.shape[1],
        "sha256": {path.name: _sha256(path) for path in sorted(beside.iterdir())},
    }
    (beside / _MANIFEST).write_text(json.dumps(manifest, indent=1), "utf-8")
    before = folder.with_name(folder.name + ".old")
    shutil.rmtree(before, ignore_errors=True)
    if folder.exists():
        folder.rename(before)
    beside.rename(folder)
    shutil.rmtree(before, ignore_errors=True)


def read_folder(folder: Path, model: str) -> tuple[list[Entry], csr_array]:
    """Read what ``write_folder`` wrote; the rows are memory-mapped, read-only."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text("utf-8"))
        _check(folder, manifest, model)
        with (folder / _ENTRIES).open(encoding="utf-8") as lines:
            entries = [_entry(line) for line in lines]
        data, indices, indptr = (
            np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in _ARRAYS
        )
        rows = csr_array((data, indices, indptr), shape=(len(entries), int(manifest["width"])))
        rows.check_format(full_check=True)  # a wrong width would make compiled code read elsewhere
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged("索引文件不完整或已损坏，请运行 hongniang fit 重建。") from error
    if manifest["documents"] != len(entries):
        raise IndexDamaged("索引的清单与内容不符，请运行 hongniang fit 重建。")
    return entries, rows


def _check(folder: Path, manifest: dict[str, Any], model: str) -> None:
    if manifest["format"] != _FORMAT or manifest["model"] != model:
        raise IndexOutdated("索引属于另一个模型或旧版本格式，请运行 hongniang fit 重建。")
    for name in (*(f"{array}.npy" for array in _ARRAYS), _ENTRIES):
        if manifest["sha256"][name] != _sha256(folder / name):
            raise IndexDamaged("索引文件校验和不符，请运行 hongniang fit 重建。")


def _entry(line: str) -> Entry:
    raw = json.loads(line)
    facets = raw["facets"]
    modes = tuple(facets.pop("cooperation_modes"))
    return Entry(raw["id"], Facets(**facets, cooperation_modes=modes), raw["stamp"])


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
