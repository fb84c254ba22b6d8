"""What a diagnosis rests on: two records with their indicators, and places in them."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from matcher.records import Achievement, Claim, Demand, Pairing, Span

Party = Literal["demand", "achievement"]


class Evidence(NamedTuple):
    """One place in one of the records: a quoted clause, or the value of a field.

    ``text`` is what stands there; of a value it is how people read it, empty if there is none.
    ``span`` (the clause) and ``mark`` (the words that count, inside of it) are places in the
    original text of ``field``, None for values.
    """

    party: Party
    field: str
    text: str
    span: Span | None = None
    mark: Span | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A demand beside an achievement, and how its indicators compare."""

    demand: Demand
    achievement: Achievement
    claims: tuple[Claim, ...] = ()

    @classmethod
    def of(cls, pairing: Pairing) -> "Pair":
        """What a pairing says, whatever its rank."""
        return cls(pairing.demand, pairing.achievement, pairing.reason.claims)
