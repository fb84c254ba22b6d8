"""Records that live elsewhere, found through an index that knows their ids only."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from matcher import Achievement, Filters, TfidfRepresentation
from matcher.index import Entry, ExactIndex
from matcher.library import Library, MemoryLibrary, stamp


class Shelf(dict[str, Achievement]):
    """A source of records that others change without telling the index."""

    def get_many(self, ids: Sequence[str]) -> Mapping[str, Achievement]:
        return {id_: self[id_] for id_ in ids if id_ in self}


@pytest.fixture(scope="module")
def representation() -> TfidfRepresentation:
    return TfidfRepresentation(hashed_bits=8).fit([])


def offers(count: int) -> list[Achievement]:
    """The lower the number, the better it answers 废水."""
    return [Achievement(id=f"{n:03}", title="废水" + "电机" * n) for n in range(count)]


def ids(found: list[tuple[Achievement, float]]) -> list[str]:
    return [record.id for record, _ in found]


def shelved(representation: TfidfRepresentation, count: int) -> tuple[Library[Achievement], Shelf]:
    shelf = Shelf({offer.id: offer for offer in offers(count)})
    library = Library(representation, shelf)
    library.add(shelf.values())
    return library, shelf


@pytest.mark.parametrize(
    ("gone", "k", "found"),
    [
        ([], 2, [0, 1]),
        ([0], 2, [1, 2]),
        ([0, 1, 2, 3, 4, 5, 6, 7], 2, [8, 9]),
        ([0, 2, 4], 4, [1, 3, 5, 6]),
        (range(1, 10), 3, [0]),
        (range(10), 3, []),
    ],
)
def test_what_the_source_no_longer_has_is_passed_over_and_made_up_for(
    representation: TfidfRepresentation, gone: Sequence[int], k: int, found: Sequence[int]
) -> None:
    library, shelf = shelved(representation, 10)
    for number in gone:
        del shelf[f"{number:03}"]
    query = representation.transform([{"problem": "废水"}])
    assert ids(library.best(query, k)) == [f"{number:03}" for number in found]


def test_the_record_shown_is_the_one_in_the_source(representation: TfidfRepresentation) -> None:
    library, shelf = shelved(representation, 1)
    shelf["000"] = Achievement(id="000", title="改过的标题")
    [(record, _)] = library.best(representation.transform([{"problem": "废水"}]), 1)
    assert record.title == "改过的标题"


def test_filters_reach_the_index(representation: TfidfRepresentation) -> None:
    library = MemoryLibrary(
        representation,
        [
            Achievement(id="a", title="废水", region="江苏-苏州"),
            Achievement(id="b", title="废水", region="浙江-杭州"),
        ],
    )
    query = representation.transform([{"problem": "废水"}])
    assert ids(library.best(query, 5, Filters(regions=frozenset({"浙江"})))) == ["b"]


def test_stamps_tell_which_records_changed(representation: TfidfRepresentation) -> None:
    library = MemoryLibrary(representation, offers(2))
    assert library.index.stamps() == {offer.id: stamp(offer) for offer in offers(2)}


def test_a_library_in_memory_replaces_and_removes(representation: TfidfRepresentation) -> None:
    library = MemoryLibrary(representation, offers(3))
    library.add([Achievement(id="001", title="机器人")])
    library.remove(["000", "nobody"])
    assert len(library) == 2
    query = representation.transform([{"problem": "废水"}])
    assert ids(library.best(query, 5)) == ["002"]
    assert ids(library.best(representation.transform([{"problem": "机器人"}]), 5))[0] == "001"


def test_records_may_come_from_a_generator(representation: TfidfRepresentation) -> None:
    library = MemoryLibrary(representation, (offer for offer in offers(3)))
    library.add(offer for offer in offers(4))
    assert len(library) == 4


def test_a_library_uses_the_index_that_it_is_given(representation: TfidfRepresentation) -> None:
    index = ExactIndex(2 * representation.vocabulary_.width)
    index.add([Entry("x")], representation.transform([{"title": "废水"}]))
    assert Library(representation, Shelf(), index).index is index


def test_a_library_uses_the_index_that_it_is_given_though_it_be_empty(
    representation: TfidfRepresentation,
) -> None:
    index = ExactIndex(2 * representation.vocabulary_.width)
    assert Library(representation, Shelf(), index).index is index


def test_scores_are_plain_numbers(representation: TfidfRepresentation) -> None:
    library = MemoryLibrary(representation, offers(1))
    [(_, score)] = library.best(representation.transform([{"problem": "废水"}]), 1)
    assert type(score) is float
    assert np.isfinite(score)
