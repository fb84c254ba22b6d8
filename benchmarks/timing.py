"""What one engine takes, measured in processes of its own: one that builds, one that searches."""

import gc
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean
from typing import Any, Final, NamedTuple

import numba
import numpy as np
from peers import Material, Peer
from roster import PEERS
from scipy.sparse import csr_array
from vectors import read_matrix, read_queries

THREADS: Final = 2
CHECKED: Final = 10
"""Queries of each length whose answers are compared with brute force."""
_FEWEST: Final = 20
_NOTHING: Final = 1e-4
"""Seconds in which no index is built: there is none."""
_WARMING: Final = 10
_AT_ONCE: Final = 500
Figures = dict[str, Any]


class Task(NamedTuple):
    """What to measure. ``patience`` is the seconds after which one measurement is cut short."""

    engine: str
    corpus: Path
    index: Path
    terms: Sequence[int]
    queries: int
    k: int
    batch: int
    patience: float


def measured(task: Task) -> Figures:
    """Build, then search in a fresh process; an engine that breaks says why."""
    figures: Figures = {}
    try:
        for step in (_built, _searched):
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
                figures |= process.submit(step, task).result()
    except Exception as error:
        return {"skipped": f"{type(error).__name__}: {error}"}
    return figures


def _peer(task: Task) -> Peer:
    return PEERS[task.engine](task.index, task.k)


def _built(task: Task) -> Figures:
    peer, rows = _peer(task), read_matrix(task.corpus)
    asked = [read_queries(task.corpus, n)[: task.queries].indices for n in task.terms]
    idf = np.load(task.corpus / "idf.npy")
    build = _seconds(partial(peer.build, Material(rows, idf, np.unique(np.concatenate(asked)))))
    save = _seconds(peer.save)
    size = sum(512 * path.stat().st_blocks for path in task.index.rglob("*") if path.is_file())
    return {
        "build, s": round(build, 3),
        "save, s": round(save, 3),
        "rows/s": round(rows.shape[0] / build) if build > _NOTHING else None,
        "disk, MB": round(size / 1e6, 1),
        "bytes/posting": round(size / rows.nnz, 2),
    }


def _searched(task: Task) -> Figures:
    numba.set_num_threads(1)
    asked = {length: _split(read_queries(task.corpus, length)) for length in task.terms}
    peer, before = _peer(task), _memory()
    figures: Figures = {"open, s": round(_seconds(peer.open), 3)}
    lengths = {n: _latencies(peer, asked[n][: task.queries], task.patience) for n in task.terms}
    after = _memory()
    figures |= {name: round((after[name] - before[name]) / 1e3, 1) for name in after}
    figures |= {"note": peer.note, "exact": peer.exact, "lengths": lengths}
    for length, of_length in lengths.items():
        of_length |= _read(peer, asked[length][:CHECKED])
    numba.set_num_threads(THREADS)
    for length, of_length in lengths.items():
        queries = asked[length][: of_length["queries"]]
        of_length["q/s, two threads"] = round(_throughput(peer, queries, task.patience)[0], 1)
    if task.batch:
        figures["batch"] = _batch(peer, asked[task.terms[0]][: task.batch], task.patience)
    return figures


def _split(queries: csr_array) -> list[csr_array]:
    return [queries[[number]] for number in range(queries.shape[0])]


def _latencies(peer: Peer, queries: Sequence[csr_array], patience: float) -> Figures:
    """One thread, each query once: milliseconds. A slow engine gets fewer queries."""
    prepared = [peer.prepared(query) for query in queries]
    for query in prepared[-_WARMING:]:
        peer.search(query)
    gc.collect()
    gc.freeze()
    taken: list[int] = []
    for query in prepared:
        began = time.perf_counter_ns()
        peer.search(query)
        taken.append(time.perf_counter_ns() - began)
        if len(taken) >= _FEWEST and sum(taken) > 1e9 * patience:
            break
    points = {f"p{p}": round(float(np.percentile(taken, p)) / 1e6, 4) for p in (50, 95, 99)}
    return {"queries": len(taken), **points}


def _throughput(
    peer: Peer, queries: Sequence[csr_array], patience: float
) -> tuple[float, int, float]:
    """Queries a second on two threads, how many there were, and their seconds."""
    prepared = [peer.prepared(query) for query in queries]
    peer.many(prepared[:_WARMING], THREADS)
    done, taken = 0, 0.0
    while done < len(prepared) and taken <= patience:
        left = len(prepared) - done
        fits = done > 0 and taken / done * left <= patience - taken  # then all of it in one call
        some = prepared[done : done + (left if fits else _AT_ONCE)]
        taken += _seconds(partial(peer.many, some, THREADS))
        done += len(some)
    return done / taken, done, taken


def _batch(peer: Peer, queries: Sequence[csr_array], patience: float) -> Figures:
    rate, done, taken = _throughput(peer, queries, patience)
    return {
        "queries": done,
        "measured, s": round(taken, 2),
        "all, s": round(len(queries) / rate, 2),
    }


def _read(peer: Peer, queries: Sequence[csr_array]) -> Figures:
    """The answers, and the means of what the engine counts on the way to them."""
    answers, counts = [], []
    for query in queries:
        answers.append(peer.answer(peer.search(peer.prepared(query))))
        counts.append(peer.touched())
    means = {name: round(fmean(count[name] for count in counts), 1) for name in counts[0]}
    return {"answers": answers, "touched": means}


def _memory() -> dict[str, float]:
    """Kilobytes of this process alone, mapped files included, and without them."""
    gc.collect()
    lines = Path("/proc/self/smaps_rollup").read_text("utf-8").splitlines()[1:]
    sizes = {name: float(size.split()[0]) for name, size in (line.split(":") for line in lines)}
    private = sizes["Private_Clean"] + sizes["Private_Dirty"]
    return {"private, MB": private, "anonymous, MB": sizes["Anonymous"]}


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter_ns()
    call()
    return (time.perf_counter_ns() - began) / 1e9
