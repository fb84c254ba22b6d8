"""Sentences that are cut in a compiled loop, beside the rules as regular expressions."""

import re
from itertools import accumulate

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.records import Span
from matcher.text.bulk import together
from matcher.text.sentences import sentences, sentences_of

ENDED = re.compile(r"[^。！？!?\n]+[。！？!?]*")
CLAUSE = re.compile(r"(?:[^；;，,]+|(?<=\d),(?=\d))+[；;，,]*")
LONGEST = 80

texts = st.lists(
    st.sampled_from(
        [*"。！？!?\n；;，, 1２٣甲a\u3000\t\x1c𝟘𠮷\0\ud800", "1,000", "甲" * 30, "，" * 3]
    )
).map("".join)


def by_rules(text: str) -> list[Span]:
    found: list[Span] = []
    for ended in ENDED.finditer(text):
        packed = [ended.span()] if len(ended[0]) <= LONGEST else []
        for clause in CLAUSE.finditer(text, *ended.span()) if not packed else ():
            if packed and clause.end() - packed[-1][0] <= LONGEST:
                packed[-1] = (packed[-1][0], clause.end())
            else:
                packed.append(clause.span())
        found += packed
    return [span for start, end in found if (span := trimmed(text, start, end))[0] < span[1]]


def trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in "；;，,"):
        end -= 1
    return start, end


@given(texts)
def test_a_text_is_cut_by_the_rules(text: str) -> None:
    assert sentences(text) == by_rules(text)


@given(st.lists(texts, max_size=5))
def test_each_of_several_texts_is_cut_by_itself(several: list[str]) -> None:
    ends = np.array(list(accumulate(len(text) + 1 for text in several)), np.int64)
    spans, of_texts = sentences_of(together(several), ends)
    expected = [(n, *span) for n, text in enumerate(several) for span in by_rules(text)]
    assert [
        (n, *span) for n, span in zip(of_texts.tolist(), map(tuple, spans.tolist()), strict=True)
    ] == expected
