"""Places of wanted terms in many texts: those of the tokens of each text by itself."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.text import Token, tokenizer
from matcher.text.scripts import KINDS
from tests.property.texts import messy

CUT = tokenizer("rjieba")
MIXED = st.lists(
    st.sampled_from(
        [
            *["废水处理", "氨氮", "次循环", "5", "1,000", "٣", "t", "吨", "-a", " mg/L", "吨/年"],
            *[
                "万元",
                "℃",
                " ",
                "\u1680",
                "𠮷",
                "𐐀",
                "ω",
                "é",
                ",",
                "+",
                "_",
                "\\n",
                "½",
                "PVDF-HFP",
            ],
        ]
    ),
    max_size=8,
)
"""Pieces that become names, quantities and words only together."""


NAMES = st.text(st.sampled_from("0123 5.,,-+/'&·#_ tmgh吨年元万%é٣𐐀𠮷²废水\\\\"), max_size=30)
"""What may be in a name or a quantity, in any order."""


@settings(max_examples=500)
@given(st.lists(NAMES, max_size=4))
def test_the_places_of_all_terms_are_those_of_the_tokens(texts: list[str]) -> None:
    tokens = [CUT.tokens(text) for text in texts]
    assert_found(texts, tokens, sorted({token.term for found in tokens for token in found}))


@settings(max_examples=200)
@given(st.lists(messy | MIXED.map("".join), max_size=6), st.data())
def test_the_places_of_wanted_terms_are_those_of_the_tokens(
    texts: list[str], data: st.DataObject
) -> None:
    tokens = [CUT.tokens(text) for text in texts]
    terms = sorted({token.term for found in tokens for token in found})
    wanted = sorted(data.draw(st.sets(st.sampled_from(terms)))) if terms else []
    assert_found(texts, tokens, wanted)


def assert_found(texts: list[str], tokens: list[list[Token]], wanted: list[str]) -> None:
    found = CUT.places(texts, {term: number for number, term in enumerate(wanted)})
    places: list[list[Token]] = [[] for _ in texts]
    of_texts = np.repeat(np.arange(len(texts)), np.diff(found.firsts))
    for text, (term, kind, start, end) in zip(of_texts, found.found.tolist(), strict=True):
        places[text].append(Token(wanted[term], KINDS[kind], start, end))
    for expected, some in zip(tokens, places, strict=True):
        assert sorted(some) == sorted(token for token in expected if token.term in wanted)
