"""Figures for Prometheus."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.observability.metrics import Lag, Metrics, Sources


def figures(exposition: bytes) -> dict[tuple[str, ...], float]:
    """Name and labels → value."""
    return {
        (sample.name, *(f"{n}={v}" for n, v in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(exposition.decode())
        for sample in family.samples
    }


def test_requests_are_counted_by_method_route_and_class_of_status() -> None:
    metrics = Metrics(Sources())
    metrics.observe("GET", "/receipts/{code}", 404, 0.02)
    metrics.observe("GET", "/receipts/{code}", 400, 0.2)
    found = figures(metrics.exposition())
    labels = ("method=GET", "route=/receipts/{code}", "status=4xx")
    assert found["hongniang_request_seconds_count", *labels] == 2
    assert found["hongniang_request_seconds_sum", *labels] == pytest.approx(0.22)
    assert found["hongniang_request_seconds_bucket", "le=0.025", *labels] == 1


def test_methods_that_nobody_knows_are_one() -> None:
    metrics = Metrics(Sources())
    for n in range(50):
        metrics.observe(f"BREW{n}", "unmatched", 405, 0)
    name = "hongniang_request_seconds_count"
    counted = [key for key in figures(metrics.exposition()) if key[0] == name]
    assert counted == [(name, "method=other", "route=unmatched", "status=4xx")]


def test_the_sources_are_asked_at_every_scrape() -> None:
    sizes, jobs, names = {"demands": 1}, {"queued": 2, "running": 0}, ["m1"]
    lag = [Lag(3, 0.5)]
    metrics = Metrics(Sources(lambda: sizes, lambda: names[0], lambda: lag[0], lambda: jobs))
    before = figures(metrics.exposition())
    assert before["hongniang_index_records", "kind=demands"] == 1
    assert before["hongniang_jobs", "state=queued"] == 2
    assert before["hongniang_model", "model=m1"] == 1
    assert before["hongniang_index_lag_changes",] == 3
    assert before["hongniang_index_lag_seconds",] == 0.5
    sizes["demands"], jobs["queued"], names[0], lag[0] = 7, 0, "m2", Lag(0, 0)
    after = figures(metrics.exposition())
    assert after["hongniang_index_records", "kind=demands"] == 7
    assert after["hongniang_jobs", "state=queued"] == 0
    assert (after["hongniang_model", "model=m1"], after["hongniang_model", "model=m2"]) == (0, 1)
    assert after["hongniang_index_lag_changes",] == 0


def test_two_applications_in_one_process_count_apart() -> None:
    one, other = Metrics(Sources()), Metrics(Sources())
    one.refused.labels("overload").inc()
    key = ("hongniang_refused_requests_total", "reason=overload")
    assert figures(one.exposition())[key] == 1
    assert key not in figures(other.exposition())


WORKER = """
import sys
from api.observability.metrics import Lag, Metrics, Sources
lag, name, size = float(sys.argv[1]), sys.argv[2], int(sys.argv[3])
metrics = Metrics(Sources(lambda: {"demands": size}, lambda: name, lambda: Lag(1, lag)))
metrics.observe("GET", "/", 200, 0.01)
metrics.refused.labels("overload").inc()
metrics.refresh()
print("ready", flush=True)
if sys.stdin.readline():
    print(metrics.exposition().decode(), flush=True)
"""


def _worker(folder: Path, *arguments: object) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, *map(str, arguments)],
        env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(folder)},
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_whichever_process_is_asked_tells_of_all(tmp_path: Path) -> None:
    one = _worker(tmp_path, 0.1, "m2", 5)
    other = _worker(tmp_path, 0.9, "m1", 4)
    told, _ = one.communicate("scrape\n")
    other.communicate("")
    found = figures(told.encode())
    labels = ("method=GET", "route=/", "status=2xx")
    assert found["hongniang_request_seconds_count", *labels] == 2
    assert found["hongniang_refused_requests_total", "reason=overload"] == 2
    assert found["hongniang_index_lag_seconds",] == 0.9
    assert found["hongniang_index_lag_changes",] == 1
    assert found["hongniang_index_records", "kind=demands"] == 4
    assert (found["hongniang_model", "model=m1"], found["hongniang_model", "model=m2"]) == (1, 1)


STARTER = """
import os, sys
from pathlib import Path
from api.observability.processes import forget, share
folder = Path(sys.argv[1])
share(folder)
assert os.environ["PROMETHEUS_MULTIPROC_DIR"] == str(folder)
assert not list(folder.iterdir())
(folder / "gauge_livemax_77.db").touch()
(folder / "counter_77.db").touch()
forget(77)
assert [file.name for file in folder.iterdir()] == ["counter_77.db"]
"""


def test_what_earlier_processes_left_is_removed_and_a_lost_one_can_be_forgotten(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "metrics"
    folder.mkdir()
    (folder / "counter_1.db").touch()
    subprocess.run(
        [sys.executable, "-c", STARTER, folder], cwd=Path(__file__).parents[2], check=True
    )
