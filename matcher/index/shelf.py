"""Where the arrays of a segment are put while it is made: in memory, or in flat files."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol, TypedDict

import numpy as np
from numpy.typing import DTypeLike, NDArray

from matcher.files import flush, sha256

Array = NDArray[Any]
Arrays = dict[str, Array]


class Shelf(Protocol):
    """Takes arrays piece by piece, and gives them back whole and read-only."""

    def append(self, name: str, part: Array) -> None:
        """Put ``part`` behind what this array has so far, along the first axis."""
        ...

    def room(self, name: str, dtype: DTypeLike, shape: tuple[int, ...]) -> Array:
        """A new array of zeros, to be filled in place."""
        ...

    def arrays(self) -> Arrays:
        """All arrays so far, to be read only."""
        ...


class MemoryShelf:
    """Keeps arrays in memory."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Array]] = {}

    def append(self, name: str, part: Array) -> None:
        self._parts.setdefault(name, []).append(part)

    def room(self, name: str, dtype: DTypeLike, shape: tuple[int, ...]) -> Array:
        array: Array = np.zeros(shape, dtype)
        self._parts[name] = [array]
        return array

    def arrays(self) -> Arrays:
        for name, parts in self._parts.items():
            if len(parts) > 1:
                self._parts[name] = [np.concatenate(parts)]
        return {name: read_only(parts[0]) for name, parts in self._parts.items()}


class FolderShelf:
    """Writes arrays to files as they come; what was written is mapped, not held."""

    def __init__(self, folder: Path) -> None:
        """``folder`` must be new or empty."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._shapes: dict[str, tuple[np.dtype[Any], tuple[int, ...]]] = {}

    def append(self, name: str, part: Array) -> None:
        dtype, shape = self._shapes.get(name, (part.dtype, (0, *part.shape[1:])))
        self._shapes[name] = dtype, (shape[0] + len(part), *shape[1:])
        with (self._folder / name).open("ab") as file:
            file.write(np.ascontiguousarray(part).data)

    def room(self, name: str, dtype: DTypeLike, shape: tuple[int, ...]) -> Array:
        self._shapes[name] = np.dtype(dtype), shape
        path = self._folder / name
        path.touch()
        os.truncate(path, np.dtype(dtype).itemsize * int(np.prod(shape)))
        return map_file(path, np.dtype(dtype), shape, writable=True)

    def arrays(self) -> Arrays:
        return {
            name: map_file(self._folder / name, dtype, shape)
            for name, (dtype, shape) in self._shapes.items()
        }

    def describe(self) -> dict[str, "Described"]:
        """Type, shape and checksum of every array, with all of them flushed to disk."""
        described: dict[str, Described] = {}
        for name, (dtype, shape) in sorted(self._shapes.items()):
            flush(self._folder / name)
            digest = sha256(self._folder / name)
            described[name] = {"dtype": dtype.str, "shape": list(shape), "sha256": digest}
        return described


def fields_of(arrays: Arrays, prefix: str, names: Iterable[str]) -> Arrays:
    """Those of these arrays that are named so behind a prefix."""
    return {name: arrays[prefix + name] for name in names if prefix + name in arrays}


class Described(TypedDict):
    """An array on disk."""

    dtype: str
    shape: list[int]
    sha256: str


def map_file(
    path: Path, dtype: np.dtype[Any], shape: tuple[int, ...], writable: bool = False
) -> Array:
    """An array on a file, shared with all who map it. Raises ValueError if it does not fit."""
    if path.stat().st_size != dtype.itemsize * int(np.prod(shape)):
        raise ValueError(f"{path.name} is not of the size that its shape {shape} takes")
    if 0 in shape:  # nothing to map
        return read_only(np.empty(shape, dtype))
    mapped: Array = np.asarray(np.memmap(path, dtype, "r+" if writable else "r", shape=shape))
    return mapped


def read_only(array: Array) -> Array:
    """A contiguous view that cannot be written to: compiled code then has one type to know."""
    view = np.ascontiguousarray(array)[...]
    view.setflags(write=False)
    return view
