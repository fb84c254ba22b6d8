"""Records that live elsewhere, found through an index that knows their ids only."""

from collections.abc import Mapping, Sequence

import pytest

from matcher import Achievement, TfidfRepresentation
from matcher.index import Entry, SegmentIndex
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


def found(
    library: Library[Achievement], representation: TfidfRepresentation, text: str
) -> list[str]:
    return list(library.index.top_k(representation.transform([{"problem": text}]), 5).ids)


def test_the_records_of_a_library_are_those_that_its_source_still_has(
    representation: TfidfRepresentation,
) -> None:
    shelf = Shelf({offer.id: offer for offer in offers(3)})
    library = Library(representation, shelf)
    library.add(shelf.values())
    del shelf["001"]
    shelf["002"] = Achievement(id="002", title="改过的标题")
    assert library.get_many(["002", "001", "nobody", "000"]) == {
        "002": shelf["002"],
        "000": shelf["000"],
    }
    assert set(library.index.stamps()) == {"000", "001", "002"}  # the index was told nothing


def test_stamps_tell_which_records_changed(representation: TfidfRepresentation) -> None:
    library = MemoryLibrary(representation, offers(2))
    assert library.index.stamps() == {offer.id: stamp(offer) for offer in offers(2)}


def test_a_library_in_memory_replaces_and_removes(representation: TfidfRepresentation) -> None:
    library = MemoryLibrary(representation, offers(3))
    library.add([Achievement(id="001", title="机器人")])
    library.remove(["000", "nobody"])
    assert len(library) == 2
    assert found(library, representation, "废水") == ["002"]
    assert found(library, representation, "机器人")[0] == "001"
    assert library.get_many(["000", "001"]) == {"001": Achievement(id="001", title="机器人")}


def test_records_may_come_from_a_generator(representation: TfidfRepresentation) -> None:
    library = MemoryLibrary(representation, (offer for offer in offers(3)))
    library.add(offer for offer in offers(4))
    assert len(library) == 4


def test_a_library_uses_the_index_that_it_is_given(representation: TfidfRepresentation) -> None:
    index = SegmentIndex(2 * representation.vocabulary_.width)
    index.add([Entry("x")], representation.transform([{"title": "废水"}]))
    assert Library(representation, Shelf(), index).index is index


def test_a_library_uses_the_index_that_it_is_given_though_it_be_empty(
    representation: TfidfRepresentation,
) -> None:
    index = SegmentIndex(2 * representation.vocabulary_.width)
    assert Library(representation, Shelf(), index).index is index
