"""Places of wanted terms in many texts: those of the tokens of each text by itself."""

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.text import Token, tokenizer
from matcher.text.places import KINDS
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


@settings(max_examples=200)
@given(st.lists(messy | MIXED.map("".join), max_size=6), st.data())
def test_the_places_of_wanted_terms_are_those_of_the_tokens(
    texts: list[str], data: st.DataObject
) -> None:
    tokens = [CUT.tokens(text) for text in texts]
    terms = sorted({token.term for found in tokens for token in found})
    wanted = sorted(data.draw(st.sets(st.sampled_from(terms)))) if terms else []
    found = CUT.places(texts, {term: number for number, term in enumerate(wanted)})
    places: list[list[Token]] = [[] for _ in texts]
    for text, term, kind, start, end in zip(*map(list, found[:5]), strict=True):
        places[text].append(Token(wanted[term], KINDS[kind], start, end))
    for expected, some in zip(tokens, places, strict=True):
        assert sorted(some) == sorted(token for token in expected if token.term in wanted)
