"""Texts and coded values as flat arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.index.columns import Coded, Columns
from matcher.index.documents import Documents, Texts, numbers_of
from matcher.index.port import Entry
from matcher.records import Facets

# Also what UTF-8 has no bytes for, the byte that ends a C string, and long texts.
text = (
    st.text(st.characters(exclude_categories=()), max_size=5)
    | st.sampled_from(["", "\0", "a\0", "a", "\ud800", "\udfff", "\ue000", "\uffff", "😀", "甲乙"])
    | st.text("ab", min_size=60, max_size=70)
)
texts = st.lists(text, max_size=12)


@given(texts)
def test_texts_come_back_as_they_were(column: list[str]) -> None:
    kept = Texts.of(column)
    assert list(kept) == column
    assert [kept[number] for number in range(len(kept))] == column
    backwards = np.arange(len(column))[::-1]
    assert kept.some(backwards) == column[::-1]
    assert len(kept) == len(column)


@given(st.lists(texts, max_size=4))
def test_texts_are_joined_one_column_behind_the_other(columns: list[list[str]]) -> None:
    joined = Texts.joined([Texts.of(column) for column in columns])
    assert list(joined) == [one for column in columns for one in column]


@given(texts, st.data())
def test_texts_are_taken_in_any_order_with_empty_places(column: list[str], data: st.DataObject):
    places = st.integers(-1, len(column) - 1)
    order = data.draw(st.lists(places, max_size=15)) if column else []
    taken = Texts.of(column).taken(np.array(order, dtype=np.int64))
    assert list(taken) == [column[place] if place >= 0 else "" for place in order]


@given(texts, st.data())
def test_the_order_of_texts_is_that_of_python_equal_ones_as_they_stand(
    column: list[str], data: st.DataObject
) -> None:
    numbers = data.draw(st.permutations(range(len(column))))[: data.draw(st.integers(0, 12))]
    order = Texts.of(column).order(np.array(numbers, dtype=np.int32))
    expected = sorted(range(len(numbers)), key=lambda at: column[numbers[at]])
    assert order.tolist() == expected


@given(st.sets(text, max_size=12), st.lists(text, max_size=6), st.randoms(use_true_random=False))
def test_ids_are_found_by_halving_and_others_are_not(ids, others, random) -> None:
    column = sorted(ids)
    random.shuffle(column)
    kept = Texts.of(column)
    by_id = np.array(sorted(range(len(column)), key=column.__getitem__), dtype=np.int32)
    wanted = [*column, *others]
    expected = [column.index(one) if one in ids else -1 for one in wanted]
    assert list(numbers_of(kept, by_id, wanted)) == expected


def everything(coded: Coded) -> list[str | None]:
    return coded.some(np.arange(len(coded.codes)))


values = st.lists(st.none() | st.sampled_from(["", "a", "b", "江苏", "|x|"]), max_size=10)


@given(values)
def test_coded_values_come_back_as_they_were(column: list[str | None]) -> None:
    assert everything(Coded.of(column)) == column


@given(st.lists(values, max_size=4))
def test_coded_values_are_joined_though_each_part_has_codes_of_its_own(columns) -> None:
    joined = Coded.joined([Coded.of(column) for column in columns])
    expected = [one for column in columns for one in column]
    assert everything(joined) == expected
    for wanted in ("a", "江苏", "nothing"):
        assert joined.mask([wanted]).tolist() == [one == wanted for one in expected]


@given(values, st.data())
def test_coded_values_are_taken_in_any_order_with_empty_places(column, data) -> None:
    places = st.integers(-1, len(column) - 1)
    order = data.draw(st.lists(places, max_size=15)) if column else []
    taken = Coded.of(column).taken(np.array(order, dtype=np.int64))
    assert everything(taken) == [column[place] if place >= 0 else None for place in order]


@pytest.mark.parametrize("count", [1, 254, 255, 256, 65_535, 65_536])
def test_codes_are_as_wide_as_the_number_of_values_asks_for(count: int) -> None:
    column = [f"{number:05}" for number in range(count)]
    coded = Coded.of([None, *column])
    assert everything(coded) == [None, *column]
    assert coded.mask([column[-1]]).nonzero()[0].tolist() == [count]
    again = Coded.joined([coded, Coded.of(["zzz"])])
    assert everything(again) == [None, *column, "zzz"]


def test_documents_keep_what_is_known_of_them_through_joining_and_taking() -> None:
    entries = [
        Entry("a", Facets("新材料", "江苏", "甲大学", ("技术许可", "技术转让"), 9, "化工"), "1"),
        Entry("\ud800", Facets(), ""),
        Entry("c", Facets(maturity=1), "3"),
    ]
    joined = Documents.joined([Documents.of(entries[:1]), Documents.of(entries[1:])])
    assert joined.entries(np.arange(3)) == entries
    assert joined.entries(np.array([2, 0, 2])) == [entries[2], entries[0], entries[2]]
    assert joined.entries(np.zeros(0, dtype=np.int64)) == []
    taken = joined.taken(np.array([2, -1, 0]))
    assert taken.entries(np.arange(3)) == [entries[2], Entry(""), entries[0]]
    assert len(Documents.joined([])) == 0
    assert Columns.joined([]).maturity.shape == (0,)
