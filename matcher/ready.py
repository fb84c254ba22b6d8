"""Has everything compiled before the first user comes: at install, and when a server starts."""

import numpy as np
from scipy.sparse import csr_array

import matcher.engine  # noqa: F401 - what says which arguments it takes is compiled by importing it
from matcher.index import Entry, SegmentIndex
from matcher.index.shelf import read_only
from matcher.index.topics import project
from matcher.representation import TfidfRepresentation
from matcher.text import tokenizer
from matcher.text.scripts import HAN_CODES
from matcher.text.sentences import sentences
from matcher.text.units import unit


def prepare() -> None:
    """Compile what is not yet on disk and load the rest, by using it on next to nothing."""
    representation = TfidfRepresentation()
    long = "".join(map(chr, HAN_CODES[:64]))
    rows = representation.fit_transform(
        [{"title": "废水处理"}, {"title": f"废水 COD 5 mg/L {long}"}]
    )
    index = SegmentIndex(representation.width)
    index.add([Entry("a"), Entry("b")], rows)
    index.top_k(rows[[0]], 1)
    for part in index.snapshot.parts:
        part.segment.search.every_way(rows[[1]], part.alive)
    unit("mg/L")
    tokenizer(representation.segmenter).places([long], {"cod": 0})
    sentences(long)
    _project(rows)


def _project(rows: csr_array) -> None:
    """Small indexes are not put in order, so this is not reached above."""
    factors = np.zeros((rows.shape[1], 1), dtype=np.float32)
    latent = np.zeros((rows.shape[0], 1), dtype=np.float32)
    columns, weights = read_only(rows.indices), read_only(rows.data)
    project(read_only(rows.indptr), columns, weights, factors, latent, 0, rows.shape[0])
