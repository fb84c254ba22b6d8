"""Several processes: the same rows, in order, and nothing left behind."""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from scipy.sparse import csr_array

from matcher import TfidfRepresentation, representation
from matcher.embedding import Embed, count_terms, embedder
from matcher.errors import WorkersLost
from matcher.workers import Workers, suitable_workers

TEXTS = [
    {"title": f"第{n}号废水处理装置", "abstract": "膜曝气" * (n % 7) + f"，{n} mg/L，KX-{n}"}
    for n in range(100)
]
SCRIPT = """
import signal
import sys
from matcher.workers import Workers

def heavy(_):
    return sorted(sys.modules.keys() & {"fastapi", "sqlalchemy", "typer", "numba"})

if __name__ == "__main__":
    # As in a terminal: whoever runs the tests in the background has it ignored by all they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with Workers(2) as pool:
        results = pool.map(heavy, range(3))
        print(next(results), flush=True)
        {THEN}
"""


@pytest.fixture(scope="module")
def model() -> TfidfRepresentation:
    return TfidfRepresentation(hashed_bits=8).fit(TEXTS[:50])


@pytest.fixture(scope="module")
def two(model: TfidfRepresentation) -> Iterator[Embed]:
    with embedder(model, 2) as embed:
        yield embed


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(representation, "_CHUNK", 8)


def same(rows: csr_array, other: csr_array) -> bool:
    return rows.shape == other.shape and (rows != other).nnz == 0


def stacked(model: TfidfRepresentation, parts: Iterator[csr_array]) -> csr_array:
    return representation.stacked(parts, model.width)


def started(then: str, folder: Path) -> subprocess.Popen[str]:
    """A plain script with workers, which has had its first result; its output ends with them."""
    path = folder / "script.py"
    path.write_text(SCRIPT.replace("{THEN}", then), "utf-8")
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "[]\n"  # neither the web nor what it has no need of
    return process


@pytest.mark.usefixtures("small_chunks")
def test_two_processes_give_the_rows_of_one_in_order(
    model: TfidfRepresentation, two: Embed
) -> None:
    parts = list(two(iter(TEXTS)))
    assert len(parts) == 13
    assert same(stacked(model, iter(parts)), model.transform(TEXTS))
    assert same(stacked(model, two([])), model.transform([]))


@pytest.mark.usefixtures("small_chunks")
def test_records_are_taken_as_they_are_needed(two: Embed) -> None:
    taken = []
    rows = two(taken.append(n) or text for n, text in enumerate(TEXTS))
    next(rows)
    assert len(taken) < len(TEXTS)
    rows.close()


def test_one_worker_is_no_process_at_all(model: TfidfRepresentation) -> None:
    with embedder(model, 1) as embed:
        assert same(stacked(model, embed(TEXTS)), model.transform(TEXTS))
        assert embed == model.transform_in_chunks


@pytest.mark.usefixtures("small_chunks")
def test_what_is_learned_from_two_processes_is_what_fit_learns() -> None:
    fitted = TfidfRepresentation(hashed_bits=8).fit(TEXTS)
    learned = TfidfRepresentation(hashed_bits=8).learn(count_terms(iter(TEXTS), "rjieba", 2))
    assert learned.vocabulary_ == fitted.vocabulary_
    assert (learned.idf_ == fitted.idf_).all()
    assert learned.document_count_ == fitted.document_count_ == 100
    assert learned.average_length_ == fitted.average_length_
    assert count_terms(TEXTS, "rjieba") == count_terms(TEXTS, "rjieba", 1)


def test_an_error_in_a_worker_arrives_here() -> None:
    with Workers(1) as pool, pytest.raises(ZeroDivisionError):
        list(pool.map(divmod_of_ten, [5, 0, 2]))


def divmod_of_ten(by: int) -> tuple[int, int]:
    return divmod(10, by)


def test_a_worker_that_dies_is_noticed_and_takes_the_others_along() -> None:
    others = set(multiprocessing.active_children())
    with Workers(2) as pool, pytest.raises(WorkersLost, match="意外退出"):
        list(pool.map(os._exit, [1, 1, 1]))
    assert set(multiprocessing.active_children()) <= others


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_worker_outlives_the_process_that_asked_for_it(
    sent: signal.Signals, tmp_path: Path
) -> None:
    with started("import time; time.sleep(600)", tmp_path) as process:
        process.send_signal(sent)
        assert process.stdout is not None
        process.stdout.read()  # returns when the last process that could write has ended
    assert process.returncode != 0


def test_a_plain_script_may_have_workers(tmp_path: Path) -> None:
    with started("print(list(results))", tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.read() == "[[], []]\n"
    assert process.returncode == 0


def test_workers_are_for_large_libraries() -> None:
    assert suitable_workers(1000) == 1
    assert 1 <= suitable_workers(10**6) <= 8
