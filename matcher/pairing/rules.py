"""Which signs speak of which blocker: the table lexicon/rules.txt, read and checked once."""

from functools import cache
from typing import Final, NamedTuple

from matcher.pairing.facts import FACTS
from matcher.pairing.lexicon import rows, spoken
from matcher.values import BLOCKERS, LIKELIHOODS

LIKELY: Final = "likely"
POSSIBLE: Final = "possible"
NONE: Final = "none"
_KEYS: Final = {name: key for key, name in LIKELIHOODS.items() if key != NONE}


class Rule(NamedTuple):
    """``signs`` that all have to be found, ``unless`` of which none may be, and what they mean.

    ``says`` is a sentence without its full stop; what it rests on is shown beside it.
    """

    name: str
    blocker: str
    likelihood: str
    signs: tuple[str, ...]
    unless: tuple[str, ...]
    says: str


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order of the table.

    Raises ValueError if one names a sign, a blocker or a likelihood that does not exist.
    """
    return tuple(_rule(*row) for row in rows("rules.txt"))


def _rule(name: str, blocker: str, likelihood: str, signs: str, says: str) -> Rule:
    """One row. Raises ValueError."""
    wanted = tuple(sign for sign in signs.split() if not sign.startswith("-"))
    unless = tuple(sign[1:] for sign in signs.split() if sign.startswith("-"))
    unknown = {*wanted, *unless} - FACTS.keys() - spoken().keys()
    if unknown or not wanted or blocker not in BLOCKERS or likelihood not in _KEYS:
        raise ValueError(f"rules.txt, {name}: {unknown or (blocker, likelihood)} does not exist")
    return Rule(name, blocker, _KEYS[likelihood], wanted, unless, says)
