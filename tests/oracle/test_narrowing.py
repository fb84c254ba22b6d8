"""A filter that was asked for often, among its documents alone, against the search by block."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array, random_array

from matcher import Filters
from matcher.index import Entry, narrowing, search
from matcher.index.documents import Documents
from matcher.index.lists import CHUNK
from matcher.index.postings import Found
from matcher.index.segment import Segment, words_of
from matcher.records import Facets

COUNT, WIDTH = 2 * CHUNK, 120
SHARES = {"众": 0.6, "少": 0.02, "稀": 0.001}


@pytest.fixture(scope="module")
def built() -> Segment:
    """Weights of few values, so that many scores are equal; providers strewn at random."""
    generator = np.random.default_rng(4)
    rows = csr_array(random_array((COUNT, WIDTH), density=0.1, rng=generator, dtype=np.float32))
    rows.data = np.ceil(rows.data * 3).astype(np.float32)
    names = generator.choice([*SHARES, ""], COUNT, p=[*SHARES.values(), 1 - sum(SHARES.values())])
    ids = generator.permutation(COUNT)
    entries = [
        Entry(f"{number:06}", Facets(provider=name))
        for number, name in zip(ids, names, strict=True)
    ]
    return Segment.of(Documents.of(entries), rows)


@pytest.fixture
def filled(built: Segment) -> Segment:
    """As it is before anybody searched."""
    built._masks.clear()
    built.search.narrowed, built.search.lists = (), None
    return built


@pytest.mark.parametrize("k", [1, 20, 500])
@pytest.mark.parametrize("name", SHARES)
@pytest.mark.parametrize("terms", [1, 7, 80])
def test_what_is_found_stays_the_same_once_the_documents_are_gathered(
    filled: Segment, k: int, name: str, terms: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = np.random.default_rng(k)
    query = asked(generator.permutation(WIDTH)[:terms], generator.random(terms))
    alive = words_of(generator.random(COUNT) < 0.7) & filled.exists
    before, after = found_twice(filled, query, k, alive, name, monkeypatch)
    assert after.documents.tolist() == before.documents.tolist()
    assert after.scores.tolist() == before.scores.tolist()
    assert gathered(filled, name)


def test_a_term_that_none_of_the_documents_has_is_left_out(
    filled: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrowed = found_twice(
        filled, asked(np.arange(9), np.ones(9)), 5, filled.exists, "稀", monkeypatch
    )
    [mask] = filled.search.narrowed
    assert mask.narrowed is not None
    absent = np.setdiff1d(np.arange(WIDTH), filled.columns[mask.narrowed.terms])
    assert len(mask.narrowed.terms) == WIDTH - len(absent)
    assert narrowed[1].postings == mask.narrowed.starts[np.searchsorted(mask.narrowed.terms, 9), 0]


def test_documents_are_gathered_only_after_as_much_work_as_that_takes(filled: Segment) -> None:
    query = asked(np.arange(60), np.ones(60))
    under(filled, query, "稀")
    [mask] = filled._masks.values()
    assert mask.documents == sum(np.bitwise_count(mask.words)) > 0
    while not gathered(filled, "稀"):
        before = mask.spent
        assert not mask.is_worn
        under(filled, query, "稀")
        assert mask.spent > before
    assert mask.spent >= narrowing._ROW_COST * mask.documents
    spent = mask.spent
    under(filled, query, "稀")
    assert mask.spent == spent


def test_too_many_documents_are_never_gathered(
    filled: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "SMALL", len(filled.postings.weights) // 10)
    monkeypatch.setattr(narrowing, "_ROW_COST", 0)
    under(filled, asked(np.arange(60), np.ones(60)), "众")
    assert not filled.search.narrowed


def test_of_several_filters_the_older_ones_make_room(
    filled: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = asked(np.arange(60), np.ones(60))
    monkeypatch.setattr(narrowing, "_ROW_COST", 0)
    monkeypatch.setattr(search, "SMALL", int(len(filled.postings.weights) * 0.025))
    under(filled, query, "少")
    under(filled, query, "稀")
    assert gathered(filled, "少")
    assert gathered(filled, "稀")
    monkeypatch.setattr(search, "SMALL", int(len(filled.postings.weights) * 0.0205))
    filled._masks.clear()
    under(filled, query, "少")
    assert len(filled.search.narrowed) == 1
    assert gathered(filled, "少")


def found_twice(
    filled: Segment,
    query: csr_array,
    k: int,
    alive: NDArray[np.uint64],
    name: str,
    patch: pytest.MonkeyPatch,
) -> tuple[Found, Found]:
    """By block, which costs enough to gather, and then among the documents that were gathered."""
    patch.setattr(narrowing, "_ROW_COST", 0)
    patch.setattr(search, "_LOOKUP", 0)
    filters = Filters(providers=frozenset({name}))
    before = filled.best(query, k, alive, filters)
    return before, filled.best(query, k, alive, filters)


def under(filled: Segment, query: csr_array, name: str) -> Found:
    return filled.best(query, 5, filled.exists, Filters(providers=frozenset({name})))


def gathered(filled: Segment, name: str) -> bool:
    mask = filled._masks.get(Filters(providers=frozenset({name})))
    return mask is not None and mask.narrowed is not None


def asked(columns: NDArray[np.int64], weights: NDArray[np.float64]) -> csr_array:
    order = np.argsort(columns)
    parts = (weights[order].astype(np.float32), columns[order].astype(np.int32), [0, len(columns)])
    return csr_array(parts, shape=(1, WIDTH))
