"""Days small enough to try every schedule, and the best of all of them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from random import Random

from matcher.scheduling import Day, Fixed, Meeting, Offer, Party

Pick = tuple[Offer, int]


def small_day(seed: int) -> Day:
    """Some parties, of which one may be on both sides, with presence, limits and priorities."""
    random = Random(seed)
    slots, rooms = random.choice([(1, 2), (2, 1), (2, 2), (3, 1), (3, 2), (3, 2)])
    names = [f"p{i}" for i in range(random.choice([2, 3, 3, 4, 4, 5, 6]))]
    parties = {name: _party(random, name, slots) for name in names}
    offers = [
        Offer(f"d{i}", f"a{i}", *random.sample(names, 2), grade=random.randint(250, 400) / 100)
        for i in range(random.choice([1, 3, 4, 5, 6, 6]))
    ]
    day = Day(slots, rooms, parties, offers)
    return Day(slots, rooms, parties, offers, _fixed(random, day) if random.random() < 0.4 else ())


def _party(random: Random, name: str, slots: int) -> Party:
    present = None
    if random.random() < 0.5:
        present = frozenset(slot for slot in range(slots) if random.random() < 0.7)
    return Party(
        name, name, present, random.choice([0, 1, 1, 2, 2, 3]), random.choice([0.5, 1.0, 1.0, 2.5])
    )


def _fixed(random: Random, day: Day) -> tuple[Fixed, ...]:
    """One or two meetings, mostly possible ones."""
    return tuple(
        Fixed(
            offer.demand_id,
            offer.achievement_id,
            random.choice([None, None, random.randrange(day.slots)]),
            random.choice([None, None, random.randrange(day.rooms)]),
        )
        for offer in random.sample(list(day.offers), min(len(day.offers), random.choice([1, 1, 2])))
    )


def best_worth(day: Day) -> tuple[float, float] | None:
    """The greatest spread, and the greatest total with it; None if the fixed ones cannot be."""
    return max((worth(day, picks) for picks in _schedules(day)), default=None)


def worth(day: Day, picks: Sequence[Pick | Meeting]) -> tuple[float, float]:
    """The spread and the total of a schedule, by their definitions."""
    counts: Counter[str] = Counter()
    total = 0.0
    for pick in picks:
        meeting = pick if isinstance(pick, Meeting) else pick[0]
        one, other = day.parties[meeting.demand_party], day.parties[meeting.achievement_party]
        counts.update([one.id, other.id])
        total += meeting.grade * (one.priority + other.priority) / 2
    spread = sum(
        day.parties[party].priority * sum(1 / rank for rank in range(1, min(count, 4) + 1))
        for party, count in counts.items()
    )
    return round(spread, 4), round(total, 4)


def _schedules(day: Day) -> Iterator[list[Pick]]:
    for slots in product([None, *range(day.slots)], repeat=len(day.offers)):
        pairs = zip(day.offers, slots, strict=True)
        picks = [(offer, slot) for offer, slot in pairs if slot is not None]
        if is_allowed(day, picks):
            yield picks


def is_allowed(day: Day, picks: Sequence[Pick]) -> bool:
    """Whether a schedule keeps every rule, rooms chosen as well as possible."""
    fixed = {wish.key: wish for wish in day.fixed}
    places = Counter((party, slot) for offer, slot in picks for party in _both(offer))
    meetings = Counter(party for offer, _ in picks for party in _both(offer))
    rooms = Counter(slot for _, slot in picks)
    asked = Counter(
        (slot, fixed[offer.key].room)
        for offer, slot in picks
        if offer.key in fixed and fixed[offer.key].room is not None
    )
    return (
        all(count == 1 for count in (*places.values(), *asked.values()))
        and all(day.parties[party].most >= count for party, count in meetings.items())
        and all(_is_present(day.parties[party], slot) for party, slot in places)
        and all(count <= day.rooms for count in rooms.values())
        and all(offer.grade >= day.least or offer.key in fixed for offer, _ in picks)
        and all(_is_held(wish, picks) for wish in day.fixed)
    )


def _both(offer: Offer) -> tuple[str, str]:
    return offer.demand_party, offer.achievement_party


def _is_present(party: Party, slot: int) -> bool:
    return party.slots is None or slot in party.slots


def _is_held(wish: Fixed, picks: Sequence[Pick]) -> bool:
    return any(offer.key == wish.key and wish.slot in (None, slot) for offer, slot in picks)
