"""The fast way from texts to rows gives what the formula says, whatever the texts."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import Achievement, Demand, TfidfRepresentation
from matcher.frequencies import Frequencies, document_frequencies
from matcher.ranking.side import side
from matcher.termtable import TermTable
from matcher.text import tokenizer
from matcher.vocabulary import Vocabulary
from tests.property.reference import embedded
from tests.property.texts import WORDS, messy, sentences

WEIGHTS = {"keywords": 2.0, "abstract": 0.5, "region": 0.0}
records = st.lists(
    st.dictionaries(
        st.sampled_from(["title", "abstract", "keywords", "region"]), messy | st.text()
    ),
    max_size=5,
)
model = TfidfRepresentation(field_weights=WEIGHTS, title_weight=1.5).fit(
    [{"title": "废水处理", "abstract": "MBR-200膜曝气，出水5 mg/L"}]
)


def assert_as_the_formula_says(model: TfidfRepresentation, texts: list[dict[str, str]]) -> None:
    rows = model.transform(texts)
    assert rows.shape[0] == len(texts)
    assert rows.indices.dtype == rows.indptr.dtype == np.int32
    for number, record in enumerate(texts):
        row, expected = rows[[number]], embedded(model, record)
        assert row.indices.tolist() == sorted(expected)
        assert row.data.tolist() == pytest.approx(
            [expected[column] for column in sorted(expected)], abs=1e-6
        )


@settings(max_examples=300)
@given(records)
def test_rows_follow_the_formula(texts: list[dict[str, str]]) -> None:
    assert_as_the_formula_says(model, texts)


@pytest.mark.parametrize("segmenter", ["rjieba", "jieba"])
def test_rows_of_the_demo_data_follow_the_formula(
    segmenter: str, demo_achievements: list[Achievement], demo_demands: list[Demand]
) -> None:
    texts = [record.texts() for record in (*demo_achievements, *demo_demands)]
    assert_as_the_formula_says(TfidfRepresentation(segmenter).fit(texts[::2]), texts)


@settings(max_examples=300)
@given(records)
def test_frequencies_are_those_of_the_tokens(texts: list[dict[str, str]]) -> None:
    cut, by_term, length = tokenizer("rjieba").tokens, Counter[str](), 0
    for record in texts:
        terms = [token.term for text in record.values() for token in cut(text)]
        by_term.update(set(terms))
        length += len(terms)
    assert document_frequencies(texts, "rjieba") == Frequencies(len(texts), length, by_term)


@given(records, records)
def test_frequencies_add_up(some: list[dict[str, str]], others: list[dict[str, str]]) -> None:
    parts = [document_frequencies(part, "rjieba") for part in (some, others)]
    assert Frequencies.sum(parts) == document_frequencies(some + others, "rjieba")


lines = st.lists(st.lists(sentences.map(lambda text: "".join(text.split())), max_size=9))


@given(lines, lines)
def test_a_term_table_is_a_dictionary(known: list[list[str]], asked: list[list[str]]) -> None:
    table = TermTable(as_text(known))
    by_hand: dict[str, int] = {}
    for term in counted(known):
        by_hand.setdefault(term, len(by_hand))
    assert table.terms() == list(by_hand)
    assert table.found.numbers.tolist() == [by_hand[term] for term in counted(known)]
    values = np.arange(len(by_hand), dtype=np.int32)
    values[1::3] = -1  # left out
    found = table.find(as_text(asked), values)
    numbers = [by_hand.get(term, len(values)) for term in counted(asked)]
    with_unknown = [*values.tolist(), -2]
    expected = [with_unknown[number] for number in numbers if with_unknown[number] != -1]
    assert found.numbers.tolist() == [max(number, -1) for number in expected]
    text = as_text(asked)
    unknown = [text[start:end] for start, end in found.spans.tolist()]
    assert unknown == [term for term in counted(asked) if term not in by_hand]
    assert len(found.ends) == len(asked) + 1
    assert found.ends[-1] == len(found.numbers)


scalars = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
terms = st.lists(st.text(scalars, min_size=1, max_size=6) | st.sampled_from(WORDS), max_size=60)


@given(terms, terms)
def test_the_columns_of_terms_are_those_of_each(known: list[str], asked: list[str]) -> None:
    vocabulary = Vocabulary(sorted(set(known)), 4)
    terms = [*asked, *known]
    assert vocabulary.columns(terms).tolist() == [vocabulary[term] for term in terms]


def as_text(lines: list[list[str]]) -> str:
    return "".join(" ".join(line) + "\n" for line in lines)


def counted(lines: list[list[str]]) -> list[str]:
    """Single Han characters stand among the words, but do not count there."""
    return [t for line in lines for t in line if t and not (len(t) == 1 and "一" <= t <= "\u9fd5")]


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(["title", "abstract", "region"]), messy | st.text()))
def test_a_query_has_the_row_of_a_record_and_the_column_of_each_term(
    record: dict[str, str],
) -> None:
    query, row = side(model, record), model.transform([record])
    assert query.columns.tolist() == [model.vocabulary_[term] for term in query.written.terms]
    for found, expected in ((query.row, row), (query.row @ row.T, row @ row.T)):
        assert found.shape == expected.shape
        assert found.indices.tolist() == expected.indices.tolist()
        assert found.data.tolist() == expected.data.tolist()
