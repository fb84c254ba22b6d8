"""Folds near-identical candidates: the same text posted twice is one answer."""

from collections.abc import Sequence
from typing import Final

from scipy.sparse import csr_array

ALIKE: Final = 0.99
"""Inner product from which two embeddings count as the same text."""


def distinct(rows: csr_array, order: Sequence[int], k: int) -> list[tuple[int, list[int]]]:
    """The first ``k`` distinct candidates in this order, each with its later twins.

    ``rows`` (n, width) are the embeddings, of unit length. Twins are looked for among the first
    2 k candidates, and as far down as it takes to find k distinct ones. Each candidate is compared
    with at most k others.
    """
    heads: list[int] = []
    twins: dict[int, list[int]] = {}
    for start in range(0, len(order), 2 * k):
        if len(heads) == k:
            break
        block = list(order[start : start + 2 * k])
        likeness = (rows[block] @ rows[[*heads, *block]].T).toarray()
        place = {number: i for i, number in enumerate([*heads, *block])}
        for i, number in enumerate(block):
            head = next((h for h in heads if likeness[i, place[h]] >= ALIKE), None)
            if head is not None:
                twins[head].append(number)
            elif len(heads) < k:
                heads.append(number)
                twins[number] = []
    return [(head, twins[head]) for head in heads]
