"""Makes the background table that ships with ``matcher``: ``python -m models.background``.

Source: the idf file that comes with jieba (idf = -ln of the share of documents), for words. A
character is in a document if one of its words is, which for independent words w gives
1 - prod(1 - p_w) (character shares are needed because single characters are terms of ours).
"""

import gzip
import math
import re
from collections import defaultdict
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from matcher.background import TABLE
from matcher.text.normalise import normalised

_LEAST_SHARE: Final = 2e-5
"""Rarer words weigh practically the same as words that the table does not know."""
_HAN: Final = re.compile(r"[\u3400-\u9fff]+")


def main() -> None:
    """Write the table, sorted, in millionths."""
    words = _word_shares(_jieba_idf_file().read_text(encoding="utf-8").splitlines())
    shares = _character_shares(words) | {w: p for w, p in words.items() if len(w) > 1}
    lines = [f"{t}\t{p * 1e6:.0f}" for t, p in sorted(shares.items()) if p >= _LEAST_SHARE]
    # No time stamp and no file name in the header: the same input makes the same bytes.
    TABLE.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    print(f"{len(lines)} terms, {TABLE.stat().st_size / 1e3:.0f} kB: {TABLE}")


def _jieba_idf_file() -> Path:
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise SystemExit("jieba is not installed")
    return Path(spec.origin).parent / "analyse" / "idf.txt"


def _word_shares(lines: Iterable[str]) -> dict[str, float]:
    shares: dict[str, float] = {}
    for line in lines:
        word, _, idf = line.rpartition(" ")
        term = normalised(word)
        if _HAN.fullmatch(term):
            shares[term] = max(shares.get(term, 0.0), math.exp(-float(idf)))
    return shares


def _character_shares(words: dict[str, float]) -> dict[str, float]:
    log_absent: defaultdict[str, float] = defaultdict(float)
    for word, share in words.items():
        for char in set(word):
            log_absent[char] += math.log1p(-min(share, 0.99))
    return {char: -math.expm1(value) for char, value in log_absent.items()}


if __name__ == "__main__":
    main()
