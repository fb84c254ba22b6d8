"""How common a term is in general, for libraries too small to know it themselves.

The table holds the share of documents with each term, from a general corpus (models/background.py
makes it) overridden by our own estimates for the words that every technical text uses.
"""

import gzip
from functools import cache
from pathlib import Path
from typing import Final

from matcher.text.lexicon import genre_shares

TABLE: Final = Path(__file__).with_name("background.tsv.gz")


@cache
def document_shares() -> dict[str, float]:
    """The share, in (0, 1), of documents in which each known term occurs."""
    lines = gzip.decompress(TABLE.read_bytes()).decode().split("\n")
    pairs = (line.partition("\t") for line in lines)
    shares = {term: int(millionths) / 1e6 for term, _, millionths in pairs}
    for word, share in genre_shares().items():
        shares[word] = max(share, shares.get(word, 0.0))
    return shares
