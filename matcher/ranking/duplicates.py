"""Folds near-identical candidates: the same text posted twice is one answer."""

from collections.abc import Sequence
from typing import Final

from scipy.sparse import csr_array

ALIKE: Final = 0.97
"""Inner product from which two embeddings count as the same text."""
_BLOCK: Final = 32


def distinct(rows: csr_array, order: Sequence[int], k: int) -> list[tuple[int, list[int]]]:
    """The first ``k`` distinct candidates in this order, each with its later twins.

    ``rows`` (n, width) are the embeddings, of unit length. Candidates after the k-th distinct one
    are looked at too, because one of them may be a twin of an earlier one.
    """
    heads: list[int] = []
    twins: dict[int, list[int]] = {}
    for start in range(0, len(order), _BLOCK):
        block = list(order[start : start + _BLOCK])
        known = [*heads, *block]
        likeness = (rows[block] @ rows[known].T).toarray()
        place = {number: i for i, number in enumerate(known)}
        for i, number in enumerate(block):
            head = next((h for h in heads if likeness[i, place[h]] >= ALIKE), None)
            if head is not None:
                twins[head].append(number)
            elif len(heads) < k:
                heads.append(number)
                twins[number] = []
    return [(head, twins[head]) for head in heads]
