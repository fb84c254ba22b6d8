"""What a pairing may still lack: six blockers, each with the evidence that speaks for it.

Nothing here is a verdict. A blocker is likely, possible, or without a sign in what was written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from matcher.pairing.evidence import Evidence, Pair
from matcher.pairing.facts import facts
from matcher.pairing.phrases import phrases
from matcher.pairing.rules import LIKELY, NONE, POSSIBLE, Rule, rules
from matcher.records import Pairing
from matcher.values import BLOCKERS, LIKELIHOODS


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that holds, and what it rests on; ``says`` has no full stop."""

    rule: str
    likelihood: str
    says: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Blocker:
    """One of ``values.BLOCKERS``; ``likelihood``, of ``values.LIKELIHOODS``, is the highest found.

    ``findings`` are the likely ones first, else in the order of the rules.
    """

    name: str
    likelihood: str
    findings: tuple[Finding, ...]

    @property
    def shows(self) -> bool:
        """Whether there is any sign of it."""
        return self.likelihood != NONE

    @property
    def label(self) -> str:
        """The likelihood as people read it."""
        return LIKELIHOODS[self.likelihood]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All six, in the order of ``values.BLOCKERS``."""

    blockers: tuple[Blocker, ...]

    def __getitem__(self, name: str) -> Blocker:
        """One of them. Raises KeyError."""
        return {blocker.name: blocker for blocker in self.blockers}[name]


def diagnose(pairing: Pairing, today: date) -> Diagnosis:
    """What a pairing may lack, as things stand on a day (in Beijing)."""
    return diagnosed(Pair.of(pairing), today)


def diagnosed(pair: Pair, today: date) -> Diagnosis:
    """The same for two records that nobody has ranked."""
    signs: dict[str, tuple[Evidence, ...]] = {**facts(pair, today), **phrases(pair)}
    return Diagnosis(tuple(_blocker(name, signs) for name in BLOCKERS))


def _blocker(name: str, signs: Mapping[str, tuple[Evidence, ...]]) -> Blocker:
    held = [rule for rule in rules() if rule.blocker == name and _holds(rule, signs)]
    held.sort(key=lambda rule: rule.likelihood != LIKELY)
    findings = tuple(_finding(rule, signs) for rule in held)
    likelihoods = {finding.likelihood for finding in findings}
    highest = next((one for one in (LIKELY, POSSIBLE) if one in likelihoods), NONE)
    return Blocker(name, highest, findings)


def _holds(rule: Rule, signs: Mapping[str, tuple[Evidence, ...]]) -> bool:
    return all(sign in signs for sign in rule.signs) and not any(s in signs for s in rule.unless)


def _finding(rule: Rule, signs: Mapping[str, tuple[Evidence, ...]]) -> Finding:
    places = dict.fromkeys(place for sign in rule.signs for place in signs[sign])
    return Finding(rule.name, rule.likelihood, rule.says, tuple(places))
