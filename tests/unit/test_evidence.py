"""Shares made readable."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import pytest

from matcher.ranking.evidence import (
    Highlights,
    best_sentences,
    item_highlights,
    query_highlights,
)
from matcher.ranking.made import Made
from matcher.ranking.marks import Marks
from matcher.ranking.phrases import Phrases, texts_and_shares
from matcher.ranking.phrases import fold as fold_all
from matcher.ranking.shares import OTHER_NEW_WORDS, Shares
from matcher.ranking.side import side
from matcher.records import Phrase, Sentence, TermShare
from matcher.representation import TfidfRepresentation
from matcher.text import tokenizer
from matcher.text.scripts import KINDS


def share(term: str, value: float, kind: str = "word") -> TermShare:
    return TermShare(term, kind, value, {"title": value})


def shares_of(*records: Sequence[TermShare], place: int = -1) -> Shares:
    """These terms of records, strongest first, all of them in one place."""
    flat = [one for record in records for one in record]
    names = sorted({one.term for one in flat})
    totals = np.array([one.share for one in flat])
    return Shares(
        [*names, OTHER_NEW_WORDS],
        ("title",),
        np.array([0, *accumulate(map(len, records))]),
        np.array(
            [(names.index(one.term), place, KINDS.index(one.kind)) for one in flat], np.int32
        ).reshape(-1, 3),
        totals,
        totals[:, None],
        np.array([[sum(one.share for one in record)] for record in records]),
        np.zeros((len(records), len(names))),
    )


def fold(*records: Sequence[TermShare]) -> Phrases:
    """Of the last one, each term as it is."""
    terms = dict.fromkeys((one.term for record in records for one in record), 0.0)
    return fold_all(shares_of(*records), marks(terms, {"title": ""}))[-1]


def marks(shares: dict[str, float], *records: dict[str, str]) -> Marks:
    """Where these terms stand in the records."""
    terms = sorted(shares)
    flat = [text for record in records for text in record.values()]
    found = tokenizer("rjieba").places(flat, {term: n for n, term in enumerate(terms)})
    return Marks(terms, np.arange(len(terms)), records, list(records[0]), found)


def best_sentence(texts: dict[str, str], shares: dict[str, float]) -> Sentence | None:
    values = np.array([[shares[term] for term in sorted(shares)]])
    [found] = best_sentences(marks(shares, texts), values)
    return found


def highlights(texts: dict[str, str], shares: dict[str, float]) -> Highlights:
    """Of an item and, which must be the same, of a query."""
    [found] = item_highlights(marks(shares, texts), np.ones((1, len(shares))))
    query = side(TfidfRepresentation().fit([]), texts)
    numbers = {term: number for number, term in enumerate(sorted(shares))}
    in_query = set(query.written.terms)
    shared = shares_of([share(term, 0.1) for term in shares], place=0)
    parts = shared.parts[[term in in_query for term in shares]]
    shared = shared._replace(parts=parts, bounds=np.array([0, len(parts)]))
    assert query_highlights(query, numbers, shared) == [found]
    return found


def test_a_word_takes_in_the_words_and_characters_inside_it() -> None:
    folded = fold([share("膜", 0.3), share("网络", 0.2), share("神经网络", 0.1), share("网", 0.05)])
    assert folded == (
        Phrase("神经网络", pytest.approx(0.35), ("神经网络", "网络", "网")),
        Phrase("膜", 0.3, ("膜",)),
    )


def test_a_character_goes_to_the_longest_word_that_contains_it() -> None:
    [long, short] = fold([share("废水处理", 0.3), share("热水", 0.2), share("废水", 0.1)])[:2]
    assert long.terms == ("废水处理", "废水")
    assert short.text == "热水"
    folded = fold([share("废水处理", 0.3), share("热水", 0.2), share("水", 0.1, "character")])
    assert folded[0].terms == ("废水处理", "水")


def test_folding_only_moves_shares() -> None:
    terms = [share("深度学习", 0.2), share("深度", 0.11), share("学", 0.07), share("gan", 0.05)]
    assert sum(p.share for p in fold(terms)) == pytest.approx(sum(t.share for t in terms))
    assert sorted(t for p in fold(terms) for t in p.terms) == sorted(t.term for t in terms)


def test_a_name_goes_to_names_that_it_is_a_part_of() -> None:
    names = [share(name, 0.1, "latin") for name in ("pvdf-hfp", "pvdf", "ai", "rail", "hf")]
    assert {one.terms for one in fold(names)} == {("pvdf-hfp", "pvdf"), ("rail",), ("ai",), ("hf",)}
    folded = fold([share("99.5%", 0.2, "quantity"), share("5%", 0.1, "quantity")])
    assert [one.terms for one in folded] == [("99.5%", "5%")]


def test_a_long_name_takes_in_its_parts_too() -> None:
    long = "poly-vinylidene-fluoride"
    [one] = fold([share("vinylidene", 0.2, "latin"), share(long, 0.1, "latin")])
    assert one == Phrase(long, pytest.approx(0.3), (long, "vinylidene"))


def test_each_record_is_folded_by_its_own_terms() -> None:
    first, second = [share("废水处理", 0.3), share("废水", 0.2)], [share("废水", 0.2)]
    assert fold(first, second) == (Phrase("废水", 0.2, ("废水",)),)
    assert fold(second, first)[0].terms == ("废水处理", "废水")


def test_phrases_are_written_as_in_their_records() -> None:
    found = marks({"cod": 0.2, "氨氮": 0.1}, {"title": "无"}, {"title": "COD 与氨氮，cod"})
    assert found.spelled(np.array([0, 1, -1], np.int32)) == ["COD", "氨氮", ""]
    assert marks({"cod": 0.2}, {"title": "无"}).spelled(np.array([-1], np.int32)) == [""]
    shares = shares_of([share("cod", 0.2)], place=0)
    assert fold_all(shares, found) == [(Phrase("COD", 0.2, ("cod",)),)]


def test_nothing_shared_folds_to_nothing() -> None:
    assert fold([]) == ()
    assert fold([share("甲", 0.1)], []) == ()


def test_phrases_come_strongest_first_and_equal_ones_in_order_of_their_text() -> None:
    folded = fold([share("甲", 0.4), share("丙丁", 0.1), share("乙", 0.1)])
    assert [phrase.text for phrase in folded] == ["甲", "丙丁", "乙"]
    folded = fold([share("膜", 0.3)], [share("丙丁", 0.25), share("一", 0.5), share("丁", 0.25)])
    assert folded == (Phrase("一", 0.5, ("一",)), Phrase("丙丁", 0.5, ("丙丁", "丁")))
    assert texts_and_shares(folded) == (["一", "丙丁"], [0.5, 0.5])


def test_what_is_made_when_somebody_looks_is_what_a_tuple_would_be() -> None:
    made = Made(str, [3, 1, 2])
    assert made == ("3", "1", "2")
    assert list(made) == ["3", "1", "2"]
    assert (made[-1], made[:2], len(made), repr(made)) == ("2", ("3", "1"), 3, "('3', '1', '2')")
    assert made != ("3", "1")


def test_texts_and_shares_are_at_hand_of_phrases_made_and_given() -> None:
    folded = fold([share("甲", 0.4), share("丙丁", 0.1), share("乙", 0.2)])
    assert texts_and_shares(folded) == (["甲", "乙", "丙丁"], [0.4, 0.2, 0.1])
    assert texts_and_shares(tuple(folded)) == texts_and_shares(folded)


def test_the_best_sentence_carries_the_largest_share() -> None:
    texts = {"title": "一种装备", "abstract": "设备很重。用膜曝气脱除氨氮。运行稳定。"}
    found = best_sentence(texts, {"氨氮": 0.3, "曝气": 0.2, "设备": 0.1})
    assert found == Sentence("abstract", (5, 14), "用膜曝气脱除氨氮。")


def test_a_term_counts_once_in_a_sentence() -> None:
    texts = {"abstract": "氨氮、氨氮、氨氮。氨氮与光伏。"}
    found = best_sentence(texts, {"氨氮": 0.2, "光伏": 0.1})
    assert found is not None
    assert found.text == "氨氮与光伏。"


def test_the_first_of_equal_sentences_is_shown() -> None:
    texts = {"problem": "没有别的。氨氮高。", "goal": "氨氮。"}
    found = best_sentence(texts, {"氨氮": 0.2})
    assert found == Sentence("problem", (5, 9), "氨氮高。")


def test_title_and_keywords_are_quoted_only_if_nothing_else_can_be() -> None:
    # They are always in sight.
    texts = {"title": "氨氮与光伏", "keywords": "氨氮；光伏", "abstract": "只说光伏。"}
    shares = {"氨氮": 0.6, "光伏": 0.2}
    found = best_sentence(texts, shares)
    assert found == Sentence("abstract", (0, 5), "只说光伏。")
    found = best_sentence(texts, {"氨氮": 0.6})
    assert found == Sentence("title", (0, 5), "氨氮与光伏")


def test_no_shared_term_no_sentence() -> None:
    texts = {"title": "光伏组件", "abstract": ""}
    assert best_sentence(texts, {}) is None
    assert best_sentence(texts, {"氨氮": 1.0}) is None


def test_highlights_of_neighbours_and_overlaps_are_joined() -> None:
    marked = highlights(
        {"title": "深度神经网络用于缺陷"}, {"神经网络": 0.3, "深度": 0.2, "网络": 0.1}
    )
    assert marked == {"title": [(0, 6)]}


def test_single_characters_are_left_out_where_words_are_shared() -> None:
    cut = {"title": "光伏组件用膜", "abstract": "只有膜。"}
    assert highlights(cut, {"光伏": 0.1, "光": 0.1, "膜": 0.5}) == {"title": [(0, 2)]}


def test_single_characters_are_marked_where_they_are_all_there_is() -> None:
    cut = {"title": "光伏组件用膜", "abstract": "只有膜。"}
    marked = highlights(cut, {"膜": 0.01, "件": 0.01})
    assert marked == {"title": [(3, 4), (5, 6)], "abstract": [(2, 3)]}


def test_fields_without_a_shared_term_are_not_named() -> None:
    assert highlights({"title": "光伏", "abstract": "氨氮"}, {"氨氮": 1.0}) == {
        "abstract": [(0, 2)]
    }
    assert highlights({"title": "光伏"}, {}) == {}


def test_highlights_count_characters_of_the_original() -> None:
    title = "\ufeff½㎡氨氮"
    [(start, end)] = highlights({"title": title}, {"氨氮": 1.0})["title"]
    assert title[start:end] == "氨氮"


def test_the_records_of_an_answer_are_kept_apart() -> None:
    texts = [
        {"title": "氨氮", "abstract": ""},
        {"title": "氮气", "abstract": "无氨氮。说氨氮与光伏。"},
    ]
    shares = {"氨氮": 0.2, "光伏": 0.1, "氨": 0.01}
    found = marks(shares, *texts)
    values = np.array([[shares[term] for term in found.terms]] * 2)
    assert best_sentences(found, values) == [
        Sentence("title", (0, 2), "氨氮"),
        Sentence("abstract", (4, 11), "说氨氮与光伏。"),
    ]
    of_both = item_highlights(found, np.ones((2, 3)))
    assert of_both == [{"title": [(0, 2)]}, {"abstract": [(1, 3), (5, 7), (8, 10)]}]
    assert item_highlights(found, np.zeros((2, 3))) == [{}, {}]


def test_shares_by_field_lack_nothing_and_name_no_field_without_one() -> None:
    flat = [share(term, 0.75) for term in "甲乙丙丁"]
    parts = np.array([[1.0, 0.0], [0.5, 0.25], [0.0, 2.0], [0.0, 0.0]])
    found = shares_of(flat[:2], flat[2:])._replace(
        fields=("title", "abstract"), by_field=parts, sums=np.array([[1.5, 0.25], [0.0, 2.0]])
    )
    by_field = [term.by_field for terms in found.terms() for term in terms]
    assert by_field == [{"title": 1.0}, {"title": 0.5, "abstract": 0.25}, {"abstract": 2.0}, {}]
    assert found.of_fields() == [{"title": 1.5, "abstract": 0.25}, {"abstract": 2.0}]


def test_terms_are_a_sequence_like_any_other() -> None:
    first, second = [share("氨氮", 0.3), share("氮", 0.1, "character")], [share("膜", 0.2)]
    found = shares_of(first, second)
    terms, others = found.terms()
    assert (len(terms), terms[0], terms[-1]) == (2, *first)
    assert terms == tuple(first) != others
    assert terms[:1] == tuple(first[:1])
    assert repr(others) == repr(tuple(second))
    with pytest.raises(IndexError):
        terms[2]
