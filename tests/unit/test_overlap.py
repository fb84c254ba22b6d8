"""Scores of candidates, against the same worked out from their definitions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import TfidfRepresentation
from matcher.index import Entry, SegmentIndex
from matcher.ranking.overlap import COVERAGE_WEIGHT, Overlap
from matcher.ranking.side import side
from matcher.ranking.tally import BY_KIND, COUNTS, LENGTH, SCALE, TALLIED, TITLE_IDF
from matcher.text import tokenizer
from tests.property import texts
from tests.unit.ranked import Naive, overlapping

QUERY = {"title": "印染废水氨氮超标", "problem": "出水氨氮不稳定，要PV-3000在线检测神经网络。"}
CANDIDATES = [
    {"title": "高氨氮废水膜曝气", "abstract": "氨氮氨氮氨氮，出水低于5 mg/L，印染厂用。"},
    {"title": "神经网络检测", "abstract": "网络在线检测，型号PV-3000；检测检测。"},
    {"title": "", "abstract": "印染印染废水。"},
    {"title": "锂电池回收", "abstract": "黑粉浸出。"},
    {"title": "", "abstract": ""},
    QUERY,
]
records = st.fixed_dictionaries(
    {"title": texts.sentences | texts.messy, "abstract": texts.sentences | texts.messy}
)


@pytest.fixture(scope="module")
def representation() -> TfidfRepresentation:
    return TfidfRepresentation(title_weight=0.7, saturation=1.5).fit([QUERY, *CANDIDATES])


@pytest.fixture(scope="module")
def naive(representation: TfidfRepresentation) -> Naive:
    return Naive(representation)


# Similarity


def test_similarity_is_the_inner_product_of_the_embeddings(
    representation: TfidfRepresentation, naive: Naive
) -> None:
    overlap = overlapping(representation, QUERY, CANDIDATES)
    products = (overlap.rows @ overlap.query.row.T).toarray()[:, 0]
    np.testing.assert_allclose(overlap.similarity, products, atol=1e-6)
    expected = [naive.similarity(QUERY, candidate) for candidate in CANDIDATES]
    np.testing.assert_allclose(overlap.similarity, expected, atol=1e-5)
    assert overlap.similarity[5] == pytest.approx(1.0, abs=1e-6)
    assert overlap.similarity[4] == 0.0


@pytest.mark.parametrize("title_weight", [0.0, 0.5, 1.0, 4.0])
def test_both_blocks_of_a_row_are_seen_whatever_the_title_weighs(title_weight: float) -> None:
    representation = TfidfRepresentation(title_weight=title_weight, hashed_bits=3).fit([])
    overlap = overlapping(representation, QUERY, CANDIDATES)
    products = (overlap.rows @ overlap.query.row.T).toarray()[:, 0]
    np.testing.assert_allclose(overlap.similarity, products, atol=1e-6)


# Coverage


def test_coverage_is_bm25_over_the_units_of_the_query(
    representation: TfidfRepresentation, naive: Naive
) -> None:
    covered = overlapping(representation, QUERY, CANDIDATES).cover.sum(axis=1)
    # The third has no term that occurs once, from which its occurrences could be told.
    for number in (0, 1, 3, 4, 5):
        assert covered[number] == pytest.approx(naive.coverage(QUERY, CANDIDATES[number]), abs=1e-4)


def test_coverage_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.representation.document_shares", dict)
    # Two documents of 2 and of 1 terms, so 1.5 on average. idf = 1 + ln((2 + 100 + 1) / (df + 1)).
    documents = [{"title": "ph alpha"}, {"title": "alpha"}]
    representation = TfidfRepresentation(saturation=1.2).fit(documents)
    assert representation.average_length_ == 1.5
    ph, alpha = 1 + np.log(103 / 2), 1 + np.log(103 / 3)
    covered = overlapping(representation, {"problem": "ph alpha alpha"}, documents).cover.sum(
        axis=1
    )
    longer, shorter = (1.2 * (0.25 + 0.75 * length / 1.5) for length in (2, 1))
    assert covered[0] == pytest.approx(1 / (1 + longer), abs=1e-5)
    assert covered[1] == pytest.approx(alpha / (ph + alpha) / (1 + shorter), abs=1e-5)


@pytest.mark.parametrize(
    ("query", "units"),
    [
        ("神经网络", {"神经网络"}),
        ("神经网络网络", {"神经网络", "网络"}),  # the second stands for itself
        ("用PV-3000检测", {"用", "pv-3000", "检测"}),
        ("膜", {"膜"}),
        ("", set()),
        ("，。", set()),
    ],
)
def test_units_are_the_terms_that_nothing_longer_contains(
    representation: TfidfRepresentation, naive: Naive, query: str, units: set[str]
) -> None:
    assert side(representation, {"problem": query}).units == units
    assert naive.units({"problem": query}) == units


@settings(max_examples=60)
@given(query=records)
def test_units_are_found_in_any_text(
    representation: TfidfRepresentation, naive: Naive, query: dict[str, str]
) -> None:
    assert side(representation, query).units == naive.units(query)


@pytest.mark.parametrize("candidate", ["网络与神经", "神经的网络", "网 络 神 经", "神经网"])
def test_words_and_characters_inside_of_a_word_do_not_cover_it(
    representation: TfidfRepresentation, candidate: str
) -> None:
    items = [{"abstract": candidate}, {"abstract": "神经网络"}]
    overlap = overlapping(representation, {"problem": "神经网络"}, items)
    assert overlap.similarity[0] > 0.0
    assert overlap.cover.sum(axis=1)[0] == 0.0
    assert overlap.cover.sum(axis=1)[1] > 0.3


def test_a_word_that_the_query_repeats_counts_once(representation: TfidfRepresentation) -> None:
    once, thrice = (
        overlapping(representation, {"problem": text}, CANDIDATES).cover.sum(axis=1)
        for text in ("氨氮。检测。", "氨氮。检测。氨氮、氨氮。")
    )
    np.testing.assert_array_equal(once, thrice)


def test_more_occurrences_cover_more_and_never_all(representation: TfidfRepresentation) -> None:
    items = [{"abstract": "检测，" * count + "甲乙丙丁" * 10} for count in (0, 1, 2, 5, 50)]
    covered = overlapping(representation, {"problem": "检测"}, items).cover.sum(axis=1)
    assert covered[0] == 0.0
    assert (np.diff(covered) > 0).all()
    assert covered[-1] < 1.0


def test_a_longer_text_is_covered_less_by_the_same_occurrence(
    representation: TfidfRepresentation,
) -> None:
    items = [{"abstract": "检测。" + "锂电池回收利用。" * count} for count in (1, 2, 4, 8)]
    covered = overlapping(representation, {"problem": "检测"}, items).cover.sum(axis=1)
    assert (np.diff(covered) < 0).all()


# The score


def test_the_score_is_the_weighted_mean_of_similarity_and_coverage(
    representation: TfidfRepresentation, naive: Naive
) -> None:
    overlap = overlapping(representation, QUERY, CANDIDATES)
    parts = overlap.similarity, overlap.cover.sum(axis=1)
    mean = (parts[0] + COVERAGE_WEIGHT * parts[1]) / (1.0 + COVERAGE_WEIGHT)
    np.testing.assert_allclose(overlap.score, mean, atol=1e-6)
    for number in (0, 1, 3, 4, 5):
        expected = naive.score(QUERY, CANDIDATES[number])
        assert overlap.score[number] == pytest.approx(expected, abs=1e-4)


@settings(max_examples=60)
@given(query=records, candidates=st.lists(records, max_size=4))
def test_shares_add_up_to_a_score_between_0_and_1(
    representation: TfidfRepresentation,
    query: dict[str, str],
    candidates: list[dict[str, str]],
) -> None:
    overlap = overlapping(representation, query, [*candidates, query])
    title, whole = overlap.shares
    assert title.shape == whole.shape == (len(candidates) + 1, len(overlap.columns))
    assert (title >= 0.0).all()
    assert (whole >= 0.0).all()
    score = overlap.score
    assert score.dtype == np.float32
    assert ((score >= 0.0) & (score <= 1.0)).all()
    np.testing.assert_allclose((title + whole).sum(axis=1), score, atol=1e-5)
    # Exactly those score that share a term, as the index finds them.
    shares_a_term = (overlap.rows @ overlap.query.row.T).toarray()[:, 0] > 0
    np.testing.assert_array_equal(score > 0, shares_a_term)
    # Of the query beside itself all is similar, so that it has that part of the score at least.
    assert score[-1] >= 0.53 or not overlap.columns.size


@pytest.mark.parametrize("query", [{}, {"problem": ""}, {"title": "，。"}])
def test_a_query_without_words_scores_nothing(
    representation: TfidfRepresentation, query: dict[str, str]
) -> None:
    overlap = overlapping(representation, query, CANDIDATES)
    assert overlap.columns.size == 0
    assert overlap.score.tolist() == overlap.similarity.tolist() == [0.0] * len(CANDIDATES)


def test_no_candidates_no_scores(representation: TfidfRepresentation) -> None:
    overlap = overlapping(representation, QUERY, [])
    assert overlap.score.shape == overlap.similarity.shape == (0,)
    assert overlap.cover.shape == (0, len(overlap.columns))
    assert overlap.tally.shape == (0, TALLIED)


def test_words_of_a_field_that_counts_nothing_are_no_units() -> None:
    representation = TfidfRepresentation(field_weights={"problem": 0.0}).fit([])
    query = {"title": "光伏组件", "problem": "处理氨氮废水，龘龘"}
    overlap = overlapping(representation, query, [{"abstract": "光伏组件"}])
    assert overlap.score[0] > 0.5


# Lengths and entries


def test_lengths_are_those_of_the_whole_text_in_each_kind_of_terms(
    representation: TfidfRepresentation,
) -> None:
    overlap = overlapping(representation, QUERY, CANDIDATES)
    width = representation.vocabulary_.width
    dense = overlap.rows.toarray()[:, width:]
    for kind in range(3):
        expected = np.linalg.norm(dense[:, representation.kinds_ == kind], axis=1)
        np.testing.assert_allclose(overlap.tally[:, kind], expected, atol=1e-6)
    assert overlap.tally[4, BY_KIND].tolist() == [0.0, 0.0, 0.0]


def test_the_tally_of_the_rows_is_that_of_their_two_blocks(
    representation: TfidfRepresentation,
) -> None:
    overlap = overlapping(representation, QUERY, CANDIDATES)
    width, idf = representation.vocabulary_.width, representation.idf_
    dense, found = overlap.rows.toarray(), overlap.tally
    title, whole = dense[:, :width], dense[:, width:]
    np.testing.assert_array_equal(overlap.title, title[:, overlap.columns])
    np.testing.assert_array_equal(overlap.whole, whole[:, overlap.columns])
    np.testing.assert_array_equal(
        found[:, COUNTS].T, [(block > 0).sum(axis=1) for block in (title, whole)]
    )
    np.testing.assert_allclose(found[:, TITLE_IDF], (title > 0) @ idf, rtol=1e-5)
    least = np.where(whole > 0, whole / idf, np.inf).min(axis=1)
    np.testing.assert_allclose(found[:, SCALE], least, rtol=1e-6)


def test_lengths_are_the_occurrences_of_terms_in_the_text(
    representation: TfidfRepresentation,
) -> None:
    overlap = overlapping(representation, {"title": "检测"}, CANDIDATES)
    cut = tokenizer(representation.segmenter)
    expected = [
        len([t for text in texts.values() for t in cut.terms(text)]) for texts in CANDIDATES
    ]
    np.testing.assert_allclose(overlap.tally[:, LENGTH], expected, rtol=1e-3)


def test_what_an_index_keeps_of_its_documents_is_what_their_rows_say(
    representation: TfidfRepresentation,
) -> None:
    index, query = SegmentIndex(representation.width), side(representation, QUERY)
    index.add([Entry(str(n)) for n in range(6)], representation.transform(CANDIDATES))
    for k in (2, 5, 5):
        hits = index.top_k(query.row, k)
        kept = Overlap.of(representation, query, hits.rows, hits.keep).tally
        alone = Overlap.of(representation, query, hits.rows).tally
        np.testing.assert_array_equal(kept, alone)
