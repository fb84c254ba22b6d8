"""Every pairing at once against a loop of ``match``: ``python benchmarks/pairs.py --square 10000``.

``--data FOLDER`` times the demo demands against the achievements of a data folder, which is opened
as the server would: give it a copy. ``--square N`` draws N demands and N achievements from the demo
sentences. Both ways are timed in turns, on the same demands, with k = 10, and have to say the same.
"""

import argparse
import gc
import json
import os
import random
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from matching import achievements, stored_demands
from threadpoolctl import threadpool_limits

from matcher import Demand, Matchmaker
from matcher.pairing.batch import Best, best_pairs, grades_between, nearest_graded
from matcher.ranking.side import side
from models.default import default_grader

_K = 10
_TURNS = 3
_NEAREST = 20


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a copy of a data folder")
    parser.add_argument("--square", type=int, help="so many demands and achievements")
    parser.add_argument("--compared", type=int, default=500, help="demands that match is asked")
    asked = parser.parse_args()
    if asked.data:
        matchmaker, demands = opened(asked.data), list(stored_demands())
    else:
        matchmaker, demands = square(asked.square)
    threadpool_limits(1, user_api="blas")  # as the server and the command do
    gc.freeze()
    some = demands[: asked.compared]
    check(matchmaker, some[:20])
    report = {
        "demands": len(demands),
        "achievements": len(matchmaker.achievements),
        "resident memory before, MB": peak(),
        "in turns": list(turns(matchmaker, some)),
        "all of them, demands/s": rate(
            lambda: drained(best_pairs(matchmaker, demands, _K)), demands
        ),
        "resident memory after, MB": peak(),
        "grades between 200 and 200, seconds": between(matchmaker, demands),
        "the nearest of 64, processor ms": nearest(matchmaker, demands[:64]),
    }
    print(json.dumps(report, ensure_ascii=False, indent=2))


def turns(matchmaker: Matchmaker, demands: Sequence[Demand]) -> Iterator[dict[str, float]]:
    """Demands a second of wall time and of processor time, for both ways."""
    ways: dict[str, Callable[[], object]] = {
        "match": lambda: [matchmaker.match(demand, _K) for demand in demands],
        "batch, 1 thread": lambda: drained(best_pairs(matchmaker, demands, _K, threads=1)),
        "batch": lambda: drained(best_pairs(matchmaker, demands, _K)),
    }
    for _ in range(_TURNS):
        turn = {}
        for name, way in ways.items():
            processor = time.process_time()
            turn[name] = rate(way, demands)
            spent = time.process_time() - processor
            turn[f"{name}, ms of processor"] = round(1000 * spent / len(demands), 2)
        yield turn


def rate(way: Callable[[], object], demands: Sequence[Demand]) -> float:
    """Demands a second."""
    began = time.perf_counter()
    way()
    return round(len(demands) / (time.perf_counter() - began), 1)


def drained(found: Iterator[Best[Demand]]) -> int:
    """How many pairs there are, none of which is kept."""
    return sum(len(best.pairs) for best in found)


def check(matchmaker: Matchmaker, demands: Sequence[Demand]) -> None:
    """Both ways say the same; and what is only loaded once, is."""
    for best in best_pairs(matchmaker, demands, _K):
        one_by_one = matchmaker.match(best.record, _K).pairings
        ours = [(p.achievement.id, p.score, p.grading) for p in best.pairs]
        assert ours == [(p.achievement.id, p.score, p.grading) for p in one_by_one]


def between(matchmaker: Matchmaker, demands: Sequence[Demand]) -> float:
    """How long the table of a day of meetings takes."""
    ids = list(islice(matchmaker.achievements.index.stamps(), 200))
    wanted = [demands[i % len(demands)] for i in range(200)]
    began = time.perf_counter()
    grades_between(matchmaker, wanted, ids)
    return round(time.perf_counter() - began, 2)


def nearest(matchmaker: Matchmaker, demands: Sequence[Demand]) -> dict[str, float]:
    """The least that the proposal for a day takes, its demands one by one and at once."""

    def alone(demand: Demand) -> list[float]:
        row = side(matchmaker.representation, demand.texts()).row
        ids = matchmaker.achievements.index.top_k(row, _NEAREST).ids
        return list(map(float, grades_between(matchmaker, [demand], ids)[0]))

    ways: dict[str, Callable[[], list[list[float]]]] = {
        "one by one": lambda: [alone(demand) for demand in demands],
        "at once": lambda: [
            list(grades.values()) for grades in nearest_graded(matchmaker, demands, _NEAREST)
        ],
    }
    assert ways["one by one"]() == ways["at once"]()
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for name, way in list(ways.items()) * 3 * _TURNS:
        began = time.process_time()
        way()
        taken[name].append(1000 * (time.process_time() - began))
    return {name: round(min(times)) for name, times in taken.items()}


def opened(folder: Path) -> Matchmaker:
    """The engine of a data folder."""
    os.environ["HONGNIANG_DATA"] = str(folder)
    from api.bootstrap import open_workspace
    from api.settings import Settings

    return open_workspace(Settings()).matchmaker


def square(size: int) -> tuple[Matchmaker, list[Demand]]:
    """So many of both, drawn with a fixed seed."""
    random.seed(7)
    demands = list(drawn(size))
    return Matchmaker.from_records(achievements(size), demands, default_grader()), demands


def drawn(count: int) -> Iterator[Demand]:
    """Demands whose fields come from different demo demands."""
    source = list(stored_demands())
    for number in range(count):
        like = random.choice(source)
        yield replace(
            like,
            id=f"d{number:07}",
            title=random.choice(source).title,
            indicators=random.choice(source).indicators,
            goal=random.choice(source).goal,
        )


def peak() -> int:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
