"""What holds for normalising, cutting and sentences, whatever the text."""

import unicodedata
from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.text import normalise, tokenizer
from matcher.text.bulk import normalise_short, normalised_all
from matcher.text.lexicon import stop_words
from matcher.text.normalise import normalised
from matcher.text.sentences import sentences
from tests.property.texts import messy, plain

cut = tokenizer("rjieba")
any_text = messy | st.text()


@settings(max_examples=300)
@given(any_text)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once


@settings(max_examples=300)
@given(any_text)
def test_offsets_lie_in_the_text_never_decrease_and_leave_nothing_visible_out(text: str) -> None:
    normal = normalise(text)
    spans = list(zip(normal.starts, normal.ends, strict=True))
    assert len(spans) == len(normal.text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    # The next character came from the same place as this one, or from behind it.
    assert all(after == before or before[1] <= after[0] for before, after in pairwise(spans))
    covered = {place for start, end in spans for place in range(start, end)}
    left_out = {char for place, char in enumerate(text) if place not in covered}
    assert all(unicodedata.category(char) == "Cf" for char in left_out)


@given(any_text)
def test_a_part_of_the_text_normalises_to_what_its_offsets_say(text: str) -> None:
    normal = normalise(text)
    for index, char in enumerate(normal.text):
        start, end = normal.span(index, index + 1)
        # Simplification may look at neighbours, so only what it leaves alone is compared.
        if char.isascii():
            assert char in normalised(text[start:end])


@settings(max_examples=300)
@given(any_text)
def test_terms_are_the_terms_of_tokens(text: str) -> None:
    assert Counter(cut.terms(text)) == Counter(token.term for token in cut.tokens(text))


@settings(max_examples=300)
@given(st.lists(any_text, max_size=6))
def test_texts_normalise_together_as_each_by_itself(texts: list[str]) -> None:
    assert normalised_all(texts) == [normalise(text).text for text in texts]


@settings(max_examples=300)
@given(any_text)
def test_a_text_normalises_faster_to_the_same(text: str) -> None:
    assert normalise_short(text) == normalise(text)


@given(st.lists(any_text, max_size=6))
def test_texts_are_cut_together_as_each_by_itself(texts: list[str]) -> None:
    batch = cut.batch(texts)
    lines = batch.lines.split("\n")[:-1]
    assert len(lines) == 2 * len(texts)
    for number, text in enumerate(texts):
        start, end = batch.ends[number : number + 2].tolist()
        found = Counter(map(chr, batch.characters[start:end].tolist()))
        found.update(f"{lines[number]} {lines[len(texts) + number]}".split())
        terms = Counter(token.term for token in cut.tokens(text))
        assert terms <= found
        # What is left over does not count: the single characters and stop words among the words.
        assert all(len(term) == 1 or term in stop_words() for term in found - terms)


@settings(max_examples=300)
@given(any_text)
def test_every_token_stands_inside_the_text_and_says_something(text: str) -> None:
    for token in cut.tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.term
        assert token.term not in stop_words()
        assert not any(char.isspace() for char in token.term)
        assert (token.kind == "character") <= (len(token.term) == 1)
        assert (token.kind == "word") <= (len(token.term) > 1)


@settings(max_examples=300)
@given(plain)
def test_the_surface_of_a_token_normalises_to_its_term(text: str) -> None:
    for token in cut.tokens(text):
        surface = normalised(text[token.start : token.end])
        if token.kind == "quantity":
            surface = "".join(surface.replace(",", "").split())
        assert surface == token.term


@given(plain)
def test_every_han_character_is_a_term_unless_it_is_a_stop_word(text: str) -> None:
    characters = [token.start for token in cut.tokens(text) if token.kind == "character"]
    expected = [
        place
        for place, char in enumerate(text)
        if "\u4e00" <= char <= "\u9fff" and char not in stop_words()
    ]
    # A unit such as 克 or 人 belongs to the number before it.
    quantities = [t for t in cut.tokens(text) if t.kind == "quantity"]
    expected = [i for i in expected if not any(t.start <= i < t.end for t in quantities)]
    assert characters == expected


@given(any_text)
def test_normalised_text_is_cut_like_the_original(text: str) -> None:
    assert cut.terms(normalised(text)) == cut.terms(text)


@settings(max_examples=300)
@given(any_text | st.text("甲乙丙，；。！ \n", max_size=400))
def test_sentences_are_in_order_disjoint_and_neither_blank_nor_ragged(text: str) -> None:
    spans = sentences(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    for start, end in spans:
        assert text[start:end] == text[start:end].strip()
    covered = {place for start, end in spans for place in range(start, end)}
    left_out = {char for place, char in enumerate(text) if place not in covered}
    assert all(char.isspace() or char in "。！？!?；;，," for char in left_out)


@given(st.lists(st.text("甲乙丙", min_size=1, max_size=60), min_size=1, max_size=20))
def test_a_sentence_with_clauses_is_never_shown_at_length(clauses: list[str]) -> None:
    assert all(end - start <= 80 for start, end in sentences("，".join(clauses)))
