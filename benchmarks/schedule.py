"""Times the schedule of a matchmaking day: ``python benchmarks/schedule.py``.

200 demands × 200 teams × 20 slots × 40 rooms, everybody there or each in 70 % (30 %) of the slots,
every pairing good enough or ten a demand. Grades are drawn between 3 and 4. Seconds on the clock
and of the processor alone, which others on the machine do not lengthen.
"""

import argparse
import platform
import time

import numpy as np

from matcher.pairing.schedule import Day, Offer, Party, schedule


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=200, help="demands, and teams")
    parser.add_argument("--slots", type=int, default=20)
    parser.add_argument("--rooms", type=int, default=40)
    parser.add_argument("--present", type=float, nargs="+", default=[1.0, 0.7, 0.3])
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    print(platform.processor() or platform.machine())
    print("| offers | present | meetings | total | bound | gap | seconds | processor |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    for offers in (10, given.each):
        for present in given.present:
            day = drawn(given.each, given.slots, given.rooms, present, offers)
            print(measured(day, present, given.seconds), flush=True)


def drawn(each: int, slots: int, rooms: int, present: float, offers: int) -> Day:
    """A day of ``each`` demands and teams, with so many offers for each demand."""
    random = np.random.default_rng(1)
    parties = {
        id_: Party(id_, id_, frozenset(np.flatnonzero(random.random(slots) < present).tolist()))
        for id_ in (f"{side}{i}" for side in "da" for i in range(each))
    }
    found = [
        Offer(f"D{i}", f"A{j}", f"d{i}", f"a{j}", round(3 + random.beta(2, 3), 4))
        for i in range(each)
        for j in random.permutation(each)[:offers].tolist()
    ]
    return Day(slots, rooms, parties, found)


def measured(day: Day, present: float, seconds: float) -> str:
    start = time.process_time()
    found = schedule(day, seconds)
    spent = time.process_time() - start
    figures = f"{found.total:,.1f} | {found.bound:,.1f} | {found.gap:.3%}"
    return (
        f"| {len(day.offers):,} | {present:.0%} | {len(found.meetings)} | {figures} "
        f"| {found.seconds:.1f} | {spent:.1f} |"
    )


if __name__ == "__main__":
    main()
