"""Word lists, one entry a line; ``#`` begins a comment."""

from collections.abc import Collection
from functools import cache, partial
from pathlib import Path
from typing import Final


def lines(folder: Path, name: str) -> tuple[str, ...]:
    """The lines of a file, without comments and blank ones."""
    text = (folder / name).read_text(encoding="utf-8")
    bare = (line.partition("#")[0].strip() for line in text.splitlines())
    return tuple(line for line in bare if line)


_lines: Final = partial(lines, Path(__file__).parent)


@cache
def stop_words() -> frozenset[str]:
    """Words that carry no subject: function words and the phrases of patents and applications."""
    return frozenset(_lines("stopwords.txt"))


@cache
def technology_terms() -> Collection[str]:
    """Technical terms that the general dictionary would cut apart; in order, and soon looked up."""
    return dict.fromkeys(_lines("technology.txt"))


@cache
def units() -> tuple[str, ...]:
    """Units of measure as they look after normalisation, longest first."""
    return tuple(sorted(_lines("units.txt"), key=lambda unit: (-len(unit), unit)))


@cache
def genre_shares() -> dict[str, float]:
    """Words that every technical text uses, with the share of such texts in which they occur."""
    pairs = (line.rsplit(maxsplit=1) for line in _lines("genre.txt"))
    return {word: float(share) for words, share in pairs for word in words.split()}
