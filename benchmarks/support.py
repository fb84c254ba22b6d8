"""What a plan of support costs, and how well it agrees with demo/resource_judgements.tsv.

``python -m benchmarks.support [copies]``: the demo's records in memory, its resources as often as
asked for, every judged pairing once after a warm-up.
"""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from statistics import median
from typing import Any

import numpy as np

from api.services.demo import demo_folder
from api.services.drafts import AchievementDraft, DemandDraft
from api.services.resource_drafts import ResourceDraft
from matcher.engine import Matchmaker

TODAY = date(2026, 11, 22)
_DRAFTS = {"achievements": AchievementDraft, "demands": DemandDraft, "resources": ResourceDraft}


def records(name: str) -> Iterator[Any]:
    """Records of the demo, their ids being the external ones."""
    for line in (demo_folder() / f"{name}.jsonl").read_text("utf-8").splitlines():
        values = json.loads(line)
        id_ = values.pop("external_id")
        yield _DRAFTS[name].model_validate(values).record(id_)


def main(copies: int) -> None:
    achievements = {one.id: one for one in records("achievements")}
    demands = {one.id: one for one in records("demands")}
    resources = list(records("resources"))
    more = [replace(r, id=f"{r.id}-{n}") for n in range(1, copies) for r in resources]
    engine = Matchmaker.from_records(
        achievements.values(), demands.values(), None, [*resources, *more]
    )
    lines = (demo_folder() / "resource_judgements.tsv").read_text("utf-8").splitlines()
    judged = [line.split("\t")[:4] for line in islice(lines, 1, None)]
    fits = {(d, a, r): value == "1" for d, a, r, value in judged}
    pairs = sorted({(d, a) for d, a, _ in fits})
    engine.support(demands[pairs[0][0]], achievements[pairs[0][1]], TODAY)
    took, right = [], []
    for d, a in pairs:
        began = time.perf_counter()
        plan = engine.support(demands[d], achievements[a], TODAY)
        took.append(1e3 * (time.perf_counter() - began))
        offered = {offer.resource.id for one in plan.help for offer in one.offers}
        right += [fits[d, a, r] for r in offered if (d, a, r) in fits]
    print(f"{len(pairs)} plans over {len(resources) + len(more):,} resources")
    print(f"ms a plan: median {median(took):.1f}, p95 {np.percentile(took, 95):.1f}")
    print(f"offered resources that were judged: {len(right)}, of these fitting: {sum(right)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
