"""The embedding: its formula, its shape, and its manners as a scikit-learn transformer."""

import math
import pickle
from collections.abc import Mapping

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.base import clone

from matcher import TfidfRepresentation, representation
from matcher.background import document_shares
from matcher.errors import InvalidInput, NotFitted

# Made-up words: no background text has them, so that the formula can be followed by hand.
TWO = [{"title": "zqa zqb", "abstract": "zqa zqa zqc"}, {"title": "zqb"}]
MIXED = [
    {"title": "氨氮废水处理", "abstract": "用MBR-200处理高盐废水，出水氨氮≤5 mg/L。"},
    {"title": "光伏组件清洗机器人", "keywords": "光伏；机器人"},
    {"abstract": "只有摘要，没有标题"},
    {"title": "", "abstract": ""},
]


def dense(rows: csr_array) -> np.ndarray:
    return rows.toarray()


def same(one: csr_array, other: csr_array) -> bool:
    return one.shape == other.shape and (one != other).nnz == 0


def block(weights: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(weight**2 for weight in weights.values()))
    return {term: weight / length for term, weight in weights.items()}


@pytest.fixture(scope="module")
def mixed() -> TfidfRepresentation:
    return TfidfRepresentation().fit(MIXED)


@pytest.fixture(scope="module")
def two() -> TfidfRepresentation:
    return TfidfRepresentation().fit(TWO)


@pytest.fixture(scope="module")
def empty() -> TfidfRepresentation:
    return TfidfRepresentation().fit([])


# The manners of scikit-learn


def test_the_constructor_only_keeps_what_it_is_given() -> None:
    weights = {"title": 2.0}
    fresh = TfidfRepresentation("jieba", weights, title_weight=-1.0, saturation=float("nan"))
    assert vars(fresh) == fresh.get_params()
    assert fresh.field_weights is weights


def test_fit_returns_the_object_itself_and_learns_anew_each_time() -> None:
    model = TfidfRepresentation()
    assert model.fit(TWO) is model
    assert model.document_count_ == 2
    model.fit([])
    assert model.document_count_ == 0
    assert "zqa" not in list(model.vocabulary_)


def test_a_clone_has_the_parameters_and_nothing_learned() -> None:
    model = TfidfRepresentation(field_weights={"title": 3.0}, hashed_bits=4).fit(TWO)
    copy = clone(model)
    assert copy.get_params() == model.get_params()
    assert not hasattr(copy, "idf_")
    assert same(copy.fit(TWO).transform(MIXED), model.transform(MIXED))


def test_parameters_can_be_set_and_count_from_the_next_fit() -> None:
    model = TfidfRepresentation().set_params(background_weight=0.0, hashed_bits=3)
    assert model.get_params()["hashed_bits"] == 3
    model.fit(TWO)
    assert model.vocabulary_.width == len(model.vocabulary_) + 8


def test_a_pickled_model_embeds_alike_known_words_and_unknown_ones() -> None:
    model = TfidfRepresentation(field_weights={"title": 2.0}).fit(MIXED)
    texts = [*MIXED, {"title": "全新型号KX-9000"}]
    again = pickle.loads(pickle.dumps(model))
    assert same(again.transform(texts), model.transform(texts))
    assert again.vocabulary_["kx-9000"] == model.vocabulary_["kx-9000"]


def test_transform_before_fit_is_refused() -> None:
    with pytest.raises(NotFitted):
        TfidfRepresentation().transform(MIXED)


def test_an_unknown_segmenter_is_refused_when_fitting() -> None:
    with pytest.raises(InvalidInput):
        TfidfRepresentation(segmenter="pkuseg").fit(MIXED)


def test_both_segmenters_give_the_same_embedding(mixed: TfidfRepresentation) -> None:
    reference = TfidfRepresentation(segmenter="jieba").fit(MIXED)
    assert same(mixed.transform(MIXED), reference.transform(MIXED))


def test_fit_transform_is_fit_and_then_transform(mixed: TfidfRepresentation) -> None:
    assert same(
        TfidfRepresentation().fit_transform(MIXED),
        TfidfRepresentation().fit(MIXED).transform(MIXED),
    )


def test_fit_transform_of_a_generator_embeds_every_record() -> None:
    rows = TfidfRepresentation().fit_transform(texts for texts in MIXED)
    assert rows.shape[0] == len(MIXED)


# The formula


@pytest.mark.parametrize("b", [0.0, 100.0])
def test_the_idf_of_a_small_case_follows_the_formula(b: float) -> None:
    model = TfidfRepresentation(background_weight=b).fit(TWO)
    column, n = model.vocabulary_, 2
    p = document_shares()["废水"]
    expected = {
        "zqa": 1 + math.log((n + b + 1) / (1 + 1)),
        "zqb": 1 + math.log((n + b + 1) / (2 + 1)),
        "废水": 1 + math.log((n + b + 1) / (b * p + 1)),
        "never-seen-1": 1 + math.log(n + b + 1),
    }
    found = {term: float(model.idf_[column[term]]) for term in expected}
    assert found == pytest.approx(expected, rel=1e-6)


def test_an_embedding_of_a_small_case_follows_the_formula() -> None:
    b, k, title_weight, factor = 10.0, 1.5, 2.0, 3.0
    model = TfidfRepresentation(
        field_weights={"title": factor},
        title_weight=title_weight,
        saturation=k,
        background_weight=b,
    ).fit(TWO)

    def weight(tf: float, df: int) -> float:
        return tf * (k + 1) / (tf + k) * (1 + math.log((2 + b + 1) / (df + 1)))

    title = block({"zqa": weight(factor, 1), "zqb": weight(factor, 2)})
    whole = block({"zqa": weight(factor + 2, 1), "zqb": weight(factor, 2), "zqc": weight(1, 1)})
    length = math.sqrt(title_weight + 1)
    column, width = model.vocabulary_, model.vocabulary_.width
    expected = {column[t]: math.sqrt(title_weight) * w / length for t, w in title.items()}
    expected |= {width + column[t]: w / length for t, w in whole.items()}

    row = model.transform(TWO[:1])
    found = dict(zip(row.indices.tolist(), row.data.tolist(), strict=True))
    assert found == pytest.approx(expected, rel=1e-5)


def test_the_inner_product_is_the_mean_of_the_two_cosines(mixed: TfidfRepresentation) -> None:
    rows, width = mixed.transform(MIXED[:2] * 2), mixed.vocabulary_.width
    one, other = dense(rows[[0]])[0], dense(rows[[1]])[0]
    blocks = [(one[:width], other[:width]), (one[width:], other[width:])]
    cosines = [a @ b / (np.linalg.norm(a) * np.linalg.norm(b)) for a, b in blocks]
    assert one @ other == pytest.approx(np.mean(cosines), rel=1e-5)


def test_han_characters_weigh_more_by_the_character_weight() -> None:
    plain, heavy = (TfidfRepresentation(character_weight=c).fit(TWO) for c in (1.0, 2.0))
    column = plain.vocabulary_
    assert heavy.idf_[column["水"]] == pytest.approx(2 * plain.idf_[column["水"]])
    assert heavy.idf_[column["废水"]] == plain.idf_[column["废水"]]
    assert heavy.idf_[column["zqa"]] == plain.idf_[column["zqa"]]


def test_the_character_weight_leaves_latin_letters_alone() -> None:
    texts = [{"title": "x 射线"}]
    plain, heavy = (TfidfRepresentation(character_weight=c).fit(texts) for c in (1.0, 2.0))
    assert heavy.idf_[plain.vocabulary_["x"]] == plain.idf_[plain.vocabulary_["x"]]


def test_repetition_saturates() -> None:
    model = TfidfRepresentation(saturation=1.0, background_weight=0.0).fit([])
    row = model.transform([{"abstract": "zqa " * 1000 + "zqb"}])
    strong, weak = sorted(row.data[: row.nnz // 2].tolist(), reverse=True)
    # A thousand occurrences count at most k + 1 = 2 times as much as one.
    assert 1.9 < strong / weak < 2.0


# The rows


def test_rows_are_float32_sorted_and_of_unit_length_or_zero(mixed: TfidfRepresentation) -> None:
    rows = mixed.transform(MIXED)
    assert isinstance(rows, csr_array)
    assert rows.dtype == np.float32
    assert rows.shape == (len(MIXED), 2 * mixed.vocabulary_.width)
    assert all((np.diff(rows[[i]].indices) > 0).all() for i in range(len(MIXED)))
    assert np.linalg.norm(dense(rows), axis=1) == pytest.approx([1.0, 1.0, 1.0, 0.0], abs=1e-6)
    assert (rows.data > 0).all()


def test_the_title_block_holds_the_title_and_the_other_block_the_whole_text(
    two: TfidfRepresentation,
) -> None:
    column, width = two.vocabulary_, two.vocabulary_.width
    row = two.transform(TWO[:1])
    assert set(row.indices.tolist()) == {
        *(column[term] for term in ("zqa", "zqb")),
        *(width + column[term] for term in ("zqa", "zqb", "zqc")),
    }


@pytest.mark.parametrize("title", [{}, {"title": ""}, {"title": "，。"}, {"title": "的"}])
def test_a_record_without_title_speaks_by_its_whole_text_in_both_blocks(
    title: Mapping[str, str], mixed: TfidfRepresentation
) -> None:
    width = mixed.vocabulary_.width
    row = dense(mixed.transform([{**title, "abstract": "氨氮废水zqa"}]))[0]
    assert np.count_nonzero(row) > 0
    assert (row[:width] == row[width:]).all()


def test_a_field_that_counts_double_is_a_field_written_twice() -> None:
    double = TfidfRepresentation(field_weights={"keywords": 2.0}).fit(MIXED)
    single = TfidfRepresentation().fit(MIXED)
    once = [{"title": "光伏", "keywords": "清洗；zqa"}]
    twice = [{"title": "光伏", "keywords": "清洗；zqa；清洗；zqa"}]
    assert same(double.transform(once), single.transform(twice))


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_rows_do_not_depend_on_how_many_are_embedded_at_once(
    size: int, monkeypatch: pytest.MonkeyPatch, mixed: TfidfRepresentation
) -> None:
    expected = mixed.transform(MIXED)
    monkeypatch.setattr(representation, "_CHUNK", size)
    assert same(mixed.transform(iter(MIXED)), expected)
    assert same(csr_array(np.vstack([dense(mixed.transform([t])) for t in MIXED])), expected)


@pytest.mark.parametrize(
    "texts", [{}, {"title": ""}, {"title": "  ", "abstract": "，。😀\x00\ud800"}]
)
def test_a_record_without_a_term_is_a_row_of_zeros(
    empty: TfidfRepresentation, texts: Mapping[str, str]
) -> None:
    rows = empty.transform([texts])
    assert rows.shape[0] == 1
    assert rows.nnz == 0


def test_no_records_give_no_rows(empty: TfidfRepresentation) -> None:
    assert empty.transform([]).shape == (0, 2 * empty.vocabulary_.width)


# What is known of words


def test_an_empty_fit_lets_the_background_speak(empty: TfidfRepresentation) -> None:
    column = empty.vocabulary_
    assert empty.document_count_ == 0
    assert empty.idf_[column["技术"]] < empty.idf_[column["电解"]]


def test_in_three_records_a_word_of_the_genre_weighs_less_than_a_technical_one() -> None:
    library = [{"title": "电解技术"}, {"title": "光伏组件"}, {"title": "机器人"}]
    # Both occur once: without the background they cannot be told apart.
    alone, helped = (TfidfRepresentation(background_weight=b).fit(library) for b in (0.0, 100.0))
    column = helped.vocabulary_
    assert alone.idf_[column["技术"]] == alone.idf_[column["电解"]]
    assert helped.idf_[column["技术"]] < 0.6 * helped.idf_[column["电解"]]


def test_a_word_that_came_after_fitting_is_found_in_the_hashed_columns() -> None:
    model = TfidfRepresentation(character_weight=1.0).fit(MIXED)
    assert "zkx-7788" not in list(model.vocabulary_)
    column = model.vocabulary_["zkx-7788"]
    assert len(model.vocabulary_) <= column < model.vocabulary_.width
    assert model.idf_[column] == model.idf_.max()
    later, query, other = model.transform(
        [{"title": "ZKX-7788型传感器"}, {"problem": "要用zkx-7788"}, {"problem": "要用别的"}]
    )[[0, 1, 2]]
    assert (later @ query).sum() > (later @ other).sum()


def test_asking_for_an_unknown_word_does_not_teach_it(two: TfidfRepresentation) -> None:
    width = two.vocabulary_.width
    two.transform([{"title": "zkx-7788"}])
    assert two.vocabulary_.width == width
    assert "zkx-7788" not in list(two.vocabulary_)


def test_the_vocabulary_is_sorted_and_its_columns_count_from_zero(
    two: TfidfRepresentation,
) -> None:
    terms = list(two.vocabulary_)
    assert terms == sorted(terms)
    assert list(two.vocabulary_.values()) == list(range(len(terms)))
