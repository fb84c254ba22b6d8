"""What everything that keeps files on disk needs: their checksum, and that they got there whole."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def sha256(path: Path) -> str:
    """The checksum of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    """Make sure that a file, or the names in a folder, have reached the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A file beside ``path``, to be written in the block; it takes its place when that ends well.

    So ``path`` holds what it held before or all of the new, whatever happens. The file beside has
    the same suffix, for writers that go by it.
    """
    beside = path.with_name(f".{path.stem}.new{path.suffix}")
    try:
        yield beside
        flush(beside)
        beside.replace(path)
        flush(path.parent)
    finally:
        beside.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file as a whole or not at all."""
    with whole(path) as beside:
        beside.write_bytes(content)
