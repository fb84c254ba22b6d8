"""Keywords proposed from a text: its rarest words, and words that stand together as one."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from matcher.coaching.reading import outermost_subjects
from matcher.ranking.side import Side
from matcher.representation import TfidfRepresentation
from matcher.text import Token
from matcher.text.lazy import LazyPattern
from matcher.text.lexicon import technology_terms

MOST: Final = 5
_FIELD_WEIGHTS: Final = {"title": 3.0, "problem": 1.0, "indicators": 1.0, "goal": 0.7}
_LONGEST: Final = 8
"""Characters of a keyword in Chinese."""
_LONGEST_PAIR: Final = 6
_COLLOQUIAL: Final = 0.4
"""What a word counts that no achievement has: 锃亮, 趴窝."""
_TECHNICAL: Final = 1.5
"""What a term of the lexicon counts."""
_PAIR: Final = 1.4
"""What two neighbours of the title count as one word, if achievements have both."""
_NO_KEYWORD: Final = LazyPattern(
    r"[不没老太就了着得要的很又再被把全半几两每]|[一二三四五六七八九十多好]|[上下来去出]\Z"
)
"""What speech has and names have not."""
_Words = Sequence[Token]


def keywords(
    representation: TfidfRepresentation, query: Side, known: Collection[str], most: int = MOST
) -> tuple[str, ...]:
    """At most ``most`` keywords for a demand, as written in it, none inside another.

    ``known`` are the terms that some achievement has. Words weigh their idf, more in the title.
    """
    weights, written = _weighed(representation, query, known)
    chosen: list[str] = []
    for term in sorted(weights, key=lambda term: (-weights[term], term)):
        if len(chosen) == most:
            break
        if not any(term in other or other in term for other in chosen):
            chosen.append(term)
    return tuple(written[term] for term in chosen)


def _weighed(
    representation: TfidfRepresentation, query: Side, known: Collection[str]
) -> tuple[Mapping[str, float], Mapping[str, str]]:
    """The weight of every candidate, and how it is written where it stands first."""
    lexicon, idf = technology_terms(), representation.idf_
    weights: dict[str, float] = defaultdict(float)
    written: dict[str, str] = {}
    for field, factor in _FIELD_WEIGHTS.items():
        text = query.texts.get(field, "")
        tokens = query.fields[field].tokens() if field in query.fields else ()
        for words in _candidates(tokens, is_title=field == "title"):
            term = "".join(word.term for word in words)
            rarity = max(float(idf[representation.vocabulary_[word.term]]) for word in words)
            heard = all(word.term in known for word in words)
            if len(words) > 1 and not heard:
                continue
            bonus = _TECHNICAL if term in lexicon else _PAIR if len(words) > 1 else 1.0
            weights[term] += factor * rarity * bonus * (1.0 if heard else _COLLOQUIAL)
            written.setdefault(term, text[words[0].start : words[-1].end])
    return weights, written


def _candidates(tokens: Sequence[Token], is_title: bool) -> Iterator[_Words]:
    """Single words, and in the title pairs of neighbours."""
    words = [
        word
        for word in outermost_subjects(tokens)
        if word.kind == "latin" or not _NO_KEYWORD.search(word.term)
    ]
    for word in words:
        if len(word.term) <= _LONGEST or word.kind == "latin":
            yield (word,)
    if is_title:
        for one, two in pairwise(words):
            is_short = len(one.term) + len(two.term) <= _LONGEST_PAIR
            if one.end == two.start and is_short and "latin" not in (one.kind, two.kind):
                yield (one, two)
