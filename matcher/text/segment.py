"""The only import of the segmenter: runs of Han characters to words, in search mode.

rjieba and jieba share one dictionary and one algorithm. Both are given runs of Han characters only,
on which they agree token for token (tests/contract/test_segmenters.py); on mixed text they do not.
"""

import hashlib
import logging
import tempfile
import threading
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final, Protocol

from matcher.errors import InvalidInput
from matcher.text.lexicon import technology_terms

_TERM_FREQUENCY: Final = 20_000
"""Dictionary count given to our own terms: high enough that a term is kept whole."""


class Segmenter(Protocol):
    """Cuts runs of Han characters in search mode: long words also yield the words in them."""

    name: str

    def words(self, run: str) -> list[str]:
        """The words of ``run`` in jieba's search-mode order, single characters included.

        Several runs may be parted by white space, which is then among the words.
        """
        ...

    def spans(self, run: str) -> list[tuple[str, int, int]]:
        """The same words as ``(word, start, end)`` with offsets into ``run``."""
        ...

    def cut(self, run: str) -> list[str]:
        """The words of ``run`` one behind the other, without those in long ones."""
        ...

    def knows(self, word: str) -> bool:
        """Whether a word of two or three characters is found in longer ones."""
        ...


class RjiebaSegmenter:
    """jieba's algorithm in Rust: some twelve times faster, and the default."""

    name = "rjieba"

    def __init__(self) -> None:
        import rjieba

        self._cutter = rjieba.Jieba()
        for term in technology_terms():
            self._cutter.add_word(term, _TERM_FREQUENCY, None)
        self.knows = self._cutter.has_word

    def words(self, run: str) -> list[str]:
        found: list[str] = self._cutter.cut_for_search(run)
        return found

    def spans(self, run: str) -> list[tuple[str, int, int]]:
        found: list[tuple[str, int, int]] = self._cutter.tokenize(run, mode="search")
        return found

    def cut(self, run: str) -> list[str]:
        found: list[str] = self._cutter.cut(run)
        return found


class JiebaSegmenter:
    """The reference. Slower to load and to cut, pure Python."""

    name = "jieba"

    def __init__(self) -> None:
        import jieba

        jieba.setLogLevel(logging.WARNING)
        self._cutter = jieba.Tokenizer()
        # jieba unmarshals its cache from the temp folder that everybody can write to: use our own.
        with tempfile.TemporaryDirectory(prefix="hongniang-jieba-") as private:
            self._cutter.tmp_dir = private
            self._cutter.initialize()
        for term in technology_terms():
            self._cutter.add_word(term, _TERM_FREQUENCY)

    def words(self, run: str) -> list[str]:
        return list(self._cutter.cut_for_search(run))

    def spans(self, run: str) -> list[tuple[str, int, int]]:
        return list(self._cutter.tokenize(run, mode="search"))

    def cut(self, run: str) -> list[str]:
        return list(self._cutter.cut(run))

    def knows(self, word: str) -> bool:
        return bool(self._cutter.FREQ.get(word))


_SEGMENTERS: Final[dict[str, Callable[[], Segmenter]]] = {
    "rjieba": RjiebaSegmenter,
    "jieba": JiebaSegmenter,
}
_loading = threading.Lock()


def segmenter(name: str) -> Segmenter:
    """The segmenter of this name, loaded once per process. Raises InvalidInput for another name."""
    if name not in _SEGMENTERS:
        raise InvalidInput(f"没有名为“{name}”的分词器，可选：{'、'.join(_SEGMENTERS)}。")
    with _loading:
        return _load(name)


@cache
def _load(name: str) -> Segmenter:
    return _SEGMENTERS[name]()


def identity(name: str) -> dict[str, str]:
    """What must be the same wherever its output is kept: name, version, hash of our word lists."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).with_name("lexicon").glob("*.txt")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return {"name": name, "version": version(name), "lexicon_sha256": digest.hexdigest()}
