"""Word lists, white space between entries; ``#`` begins a comment."""

from functools import cache
from pathlib import Path


@cache
def words(name: str) -> frozenset[str]:
    """The entries of ``name.txt`` in this folder."""
    text = Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() for word in line.partition("#")[0].split())


def one_of(name: str) -> str:
    """The entries as alternatives of a regular expression, longest first."""
    return "|".join(sorted(words(name), key=lambda word: (-len(word), word)))
