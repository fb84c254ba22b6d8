"""Takes a score apart: what each shared term added, and in which fields it stands.

A score is the inner product of two embeddings, so the product of the two weights in a column is
that column's exact share. Within the block of the whole text a share belongs to the item's fields
in proportion to how often the term occurs in each, field weights applied; in the block of the
title it belongs to the title.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set

import numpy as np
from scipy.sparse import csr_array

from matcher.records import TermShare
from matcher.representation import TITLE, TfidfRepresentation
from matcher.text import Token


def term_shares(
    representation: TfidfRepresentation,
    query_row: csr_array,
    item_row: csr_array,
    item_tokens: Mapping[str, Sequence[Token]],
) -> tuple[TermShare, ...]:
    """The share of every shared term, strongest first. All shares add up to the score."""
    title, whole = _products(query_row, item_row, representation.vocabulary_.width)
    factors = representation.field_weights or {}
    terms, counts = _occurrences(representation, item_tokens, title.keys() | whole.keys(), factors)
    untitled = not item_tokens.get(TITLE)
    shares = []
    for column, fields in counts.items():
        spread = whole.get(column, 0.0) + (title.get(column, 0.0) if untitled else 0.0)
        total = sum(fields.values())
        by_field = {field: spread * count / total for field, count in fields.items()}
        if column in title and not untitled:
            by_field[TITLE] = by_field.get(TITLE, 0.0) + title[column]
        shares.append(_term_share(terms[column], by_field))
    return tuple(sorted(shares, key=lambda share: (-share.share, share.term)))


def _products(
    query_row: csr_array, item_row: csr_array, width: int
) -> tuple[dict[int, float], dict[int, float]]:
    """Column → product of the weights, for the title block and for the block of the whole text."""
    blocks: tuple[dict[int, float], dict[int, float]] = ({}, {})
    shared, in_query, in_item = np.intersect1d(
        query_row.indices, item_row.indices, assume_unique=True, return_indices=True
    )
    products = query_row.data[in_query].astype(np.float64) * item_row.data[in_item]
    for place, product in zip(shared.tolist(), products.tolist(), strict=True):
        block, column = divmod(place, width)
        blocks[block][column] = product
    return blocks


def _occurrences(
    representation: TfidfRepresentation,
    tokens: Mapping[str, Sequence[Token]],
    columns: Set[int],
    factors: Mapping[str, float],
) -> tuple[dict[int, dict[str, str]], dict[int, dict[str, float]]]:
    """For each of ``columns``: its terms with their kinds, and its weighted count by field."""
    terms: defaultdict[int, dict[str, str]] = defaultdict(dict)
    counts: defaultdict[int, dict[str, float]] = defaultdict(dict)
    column_of = representation.vocabulary_
    for field, field_tokens in tokens.items():
        factor = factors.get(field, 1.0)
        for token in field_tokens:
            column = column_of[token.term]
            if column in columns:
                terms[column][token.term] = token.kind
                counts[column][field] = counts[column].get(field, 0.0) + factor
    return terms, counts


def _term_share(tokens: Mapping[str, str], by_field: dict[str, float]) -> TermShare:
    """Terms that hash into one column share its weight, so they are named together."""
    kind = min(tokens.values())
    return TermShare("/".join(sorted(tokens)), kind, sum(by_field.values()), by_field)
