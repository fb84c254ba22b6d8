"""Reads format 2: one folder with the rows as they are and the entries as lines of JSON."""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_array

from matcher.errors import IndexDamaged, IndexOutdated
from matcher.files import sha256
from matcher.index.port import Entry
from matcher.records import Facets

FORMAT: Final = 2
_ARRAYS: Final = ("data", "indices", "indptr")
_ENTRIES: Final = "entries.jsonl"
_MANIFEST: Final = "manifest.json"


def read_folder(folder: Path, model: str) -> tuple[list[Entry], csr_array]:
    """The entries and rows of such a folder. Raises IndexOutdated or IndexDamaged."""
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
    if manifest["format"] != FORMAT or manifest["model"] != model:
        raise IndexOutdated("索引属于另一个模型或旧版本格式，请运行 hongniang fit 重建。")
    for name in (*(f"{array}.npy" for array in _ARRAYS), _ENTRIES):
        if manifest["sha256"][name] != sha256(folder / name):
            raise IndexDamaged("索引文件校验和不符，请运行 hongniang fit 重建。")


def _entry(line: str) -> Entry:
    raw = json.loads(line)
    facets = raw["facets"]
    modes = tuple(facets.pop("cooperation_modes"))
    return Entry(raw["id"], Facets(**facets, cooperation_modes=modes), raw["stamp"])
