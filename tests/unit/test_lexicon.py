"""The word lists are in the shape that the code which reads them relies on."""

from itertools import pairwise

from matcher.text.lexicon import genre_shares, stop_words, technology_terms, units
from matcher.text.normalise import normalised


def test_no_list_holds_comments_or_blank_lines() -> None:
    entries = [*stop_words(), *technology_terms(), *units(), *genre_shares()]
    assert [e for e in entries if not e or e != e.strip() or "#" in e] == []


def test_words_stand_in_normalised_spelling_or_they_could_never_be_met() -> None:
    entries = [*stop_words(), *technology_terms(), *genre_shares()]
    assert [entry for entry in entries if normalised(entry) != entry] == []


def test_technical_terms_are_han_words_and_no_stop_words() -> None:
    terms = technology_terms()
    assert len(terms) == len(set(terms)) > 100
    assert [t for t in terms if len(t) < 2 or not all("\u4e00" <= c <= "\u9fff" for c in t)] == []
    assert stop_words().isdisjoint(terms)


def test_no_unit_hides_a_longer_one_that_comes_after_it() -> None:
    assert all(len(one) >= len(next_) for one, next_ in pairwise(units()))
    assert {"mg/l", "°c", "m2", "%", "万元", "w/(m·k)"} <= set(units())


def test_words_of_the_genre_carry_a_share_of_texts() -> None:
    shares = genre_shares()
    assert all(0.0 < share < 1.0 for share in shares.values())
    assert shares["技术"] > shares["工艺"] > shares["推广"]


def test_units_stand_in_normalised_spelling_or_they_could_never_be_met() -> None:
    assert [unit for unit in units() if normalised(unit) != unit] == []
