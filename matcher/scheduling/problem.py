"""A day as arrays: parties and offers by number, only those offers that can meet at all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.scheduling.day import Day, Offer, Party

Numbers = NDArray[np.int64]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is solved. ``present`` is parties × slots; ``pinned`` slots and rooms are -1 if free."""

    day: Day
    parties: tuple[Party, ...]
    present: NDArray[np.bool_]
    most: Numbers
    priority: NDArray[np.float64]
    offers: tuple[Offer, ...]
    sides: Numbers
    """Offers × 2: the numbers of the party that demands and of the one that achieved."""
    weight: NDArray[np.float64]
    is_fixed: NDArray[np.bool_]
    pinned_slot: Numbers
    pinned_room: Numbers

    @property
    def capacity(self) -> int:
        """Meetings, at most, that rooms and people present allow."""
        return int(np.minimum(self.day.rooms, self.present.sum(axis=0) // 2).sum())

    def common(self, offers: Numbers) -> NDArray[np.bool_]:
        """Offers × slots: where each of these could be."""
        both: NDArray[np.bool_] = (
            self.present[self.sides[offers, 0]] & self.present[self.sides[offers, 1]]
        )
        pinned = self.pinned_slot[offers, None]
        free: NDArray[np.bool_] = (pinned < 0) | (pinned == np.arange(self.day.slots))
        return both & free


def problem(day: Day) -> Problem:
    """The arrays of a day that was checked."""
    parties = tuple(day.parties.values())
    number = {party.id: i for i, party in enumerate(parties)}
    present = _presence(parties, day.slots)
    fixed = {wish.key: wish for wish in day.fixed}
    offers = _possible(day, number, present, fixed)
    sides = np.array(
        [(number[offer.demand_party], number[offer.achievement_party]) for offer in offers],
        dtype=np.int64,
    ).reshape(-1, 2)
    priority = np.array([party.priority for party in parties], dtype=np.float64)
    grades = np.array([offer.grade for offer in offers], dtype=np.float64)
    wishes = [fixed.get(offer.key) for offer in offers]
    return Problem(
        day,
        parties,
        present,
        np.minimum(
            np.array([party.most for party in parties], dtype=np.int64), present.sum(axis=1)
        ),
        priority,
        offers,
        sides,
        grades * priority[sides].mean(axis=1),
        np.array([wish is not None for wish in wishes], dtype=np.bool_),
        _pins([None if wish is None else wish.slot for wish in wishes]),
        _pins([None if wish is None else wish.room for wish in wishes]),
    )


def _presence(parties: Sequence[Party], slots: int) -> NDArray[np.bool_]:
    present = np.zeros((len(parties), slots), dtype=np.bool_)
    for row, party in zip(present, parties, strict=True):
        row[list(party.present(slots))] = True
    return present


def _possible(
    day: Day, number: Mapping[str, int], present: NDArray[np.bool_], fixed: Collection[Key]
) -> tuple[Offer, ...]:
    """The offers that are good enough or fixed, between two parties that ever meet."""

    def is_possible(offer: Offer) -> bool:
        one, other = number[offer.demand_party], number[offer.achievement_party]
        is_wanted = offer.grade >= day.least or offer.key in fixed
        return is_wanted and one != other and bool((present[one] & present[other]).any())

    return tuple(offer for offer in day.offers if is_possible(offer))


def _pins(values: Sequence[int | None]) -> Numbers:
    return np.array([-1 if value is None else value for value in values], dtype=np.int64)
