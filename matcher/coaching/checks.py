"""A criterion as five checks: each that holds is a point, the first that fails is told."""

from collections.abc import Sequence
from typing import NamedTuple

from matcher.coaching.findings import Criterion, Evidence, Name, Suggestion


class Check(NamedTuple):
    """What was found, perhaps nothing, and what to suggest if it is nothing."""

    evidence: Sequence[Evidence]
    suggestion: Suggestion


def one(evidence: Evidence | None, suggestion: Suggestion) -> Check:
    """A check that one place is enough for."""
    return Check((evidence,) if evidence else (), suggestion)


def judged(name: Name, checks: Sequence[Check]) -> Criterion:
    """The criterion that these checks amount to."""
    failed = [check.suggestion for check in checks if not check.evidence]
    evidence = tuple(place for check in checks for place in check.evidence)
    return Criterion(name, len(checks) - len(failed), failed[0] if failed else None, evidence)
