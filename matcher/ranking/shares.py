"""Takes a score apart: what each shared term added, and in which fields it stands.

``Overlap.shares`` holds the exact share of every column. Within the whole text a share belongs to
the item's fields in proportion to how often the term occurs in each, field weights applied; in the
block of the title it belongs to the title.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from matcher.ranking.overlap import Overlap
from matcher.ranking.tally import Matrix
from matcher.records import TermShare
from matcher.representation import TITLE, TfidfRepresentation
from matcher.text import Token

OTHER_NEW_WORDS: Final = "其他新词"
"""Words unknown when the model was fitted that share a column by chance, one in 262,144."""
_ANYWHERE: Final[Mapping[str, float]] = {TITLE: 1.0}
"""Where such words are said to stand."""


def term_shares(
    overlap: Overlap, number: int, item_tokens: Mapping[str, Sequence[Token]]
) -> tuple[TermShare, ...]:
    """The share of every shared term of candidate ``number``, strongest first.

    ``item_tokens`` need not hold other terms. All shares add up to the candidate's score.
    """
    title, whole = (_by_column(overlap, block[number]) for block in overlap.shares)
    terms, counts = _occurrences(overlap.representation, item_tokens)
    untitled = not item_tokens.get(TITLE)
    shares = []
    for column in title.keys() | whole.keys():
        in_title, in_whole = title.get(column, 0.0), whole.get(column, 0.0)
        if untitled:
            in_title, in_whole = 0.0, in_whole + in_title
        by_field = _spread(in_whole, counts.get(column) or _ANYWHERE)
        if in_title:
            by_field[TITLE] = by_field.get(TITLE, 0.0) + in_title
        shares.append(_term_share(terms.get(column, {}), by_field))
    shares.sort(key=lambda share: (-share.share, share.term))
    return tuple(shares)


def _spread(share: float, counts: Mapping[str, float]) -> dict[str, float]:
    """A share in proportion to how often the term occurs in each field."""
    if len(counts) == 1:
        return dict.fromkeys(counts, share)
    total = sum(counts.values())
    return {field: share * count / total for field, count in counts.items()}


def _by_column(overlap: Overlap, shares: Matrix) -> dict[int, float]:
    present = shares.nonzero()[0]
    return dict(zip(overlap.columns[present].tolist(), shares[present].tolist(), strict=True))


def _occurrences(
    representation: TfidfRepresentation, tokens: Mapping[str, Sequence[Token]]
) -> tuple[dict[int, dict[str, str]], dict[int, dict[str, float]]]:
    """By column: its terms with their kinds, and its weighted count by field."""
    terms: defaultdict[int, dict[str, str]] = defaultdict(dict)
    counts: defaultdict[int, dict[str, float]] = defaultdict(dict)
    column_of, factors = representation.vocabulary_, representation.field_weights or {}
    for field, field_tokens in tokens.items():
        factor = factors.get(field, 1.0)
        for token in field_tokens:
            column = column_of[token.term]
            terms[column][token.term] = token.kind
            counts[column][field] = counts[column].get(field, 0.0) + factor
    return terms, counts


def _term_share(tokens: Mapping[str, str], by_field: dict[str, float]) -> TermShare:
    """Name the term; different new words that happen to hash alike are not named as one."""
    shared = sorted(tokens) if len(tokens) != 1 else [*tokens]
    name = "/".join(shared) or OTHER_NEW_WORDS
    kind = tokens[shared[0]] if shared else "word"
    return TermShare(name, kind, sum(by_field.values()), by_field)
