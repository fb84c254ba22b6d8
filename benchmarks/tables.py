"""The tables that benchmarks/index.py prints, in Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

Figures = Mapping[str, Any]
_LATENCY: Final = ("p50", "p95", "p99")
_INDEX: Final = ("rows/s", "save, s", "disk, MB", "bytes/posting", "open, s", "private, MB")
_TOLERANCE: Final = 1e-5


def tables(run: Figures) -> str:
    """One for each length of queries, one for the indexes, one for the batch if there was one."""
    engines = {name: figures for name, figures in run["engines"].items() if "lengths" in figures}
    parts = [_of_length(run, engines, length) for length in run["postings of a query"]]
    parts.append(_of_indexes(run, engines))
    if any("batch" in figures for figures in engines.values()):
        parts.append(_of_batch(engines))
    skipped = {name: f["skipped"] for name, f in run["engines"].items() if "skipped" in f}
    parts += [f"{name}: skipped. {reason}" for name, reason in skipped.items()]
    return "\n\n".join(parts)


def _of_length(run: Figures, engines: Figures, length: int) -> str:
    head = (
        f"**{run['documents']:,} documents, queries of {length} terms with "
        f"{run['postings of a query'][length]:,} postings on average**\n"
    )
    names = ("engine", "p50, ms", "p95", "p99", "× ours", "q/s, two threads", "queries", "answers")
    rows = list(_latencies(engines, length))
    counted = engines.get("ours", {}).get("lengths", {}).get(length, {}).get("touched")
    touched = ", ".join(f"{name} {count:,}" for name, count in (counted or {}).items())
    return "\n".join([head, _table(names, rows), *([f"\nOurs reads: {touched}."] * bool(touched))])


def _latencies(engines: Figures, length: int) -> Iterator[list[str]]:
    ours = engines.get("ours")
    for name, figures in engines.items():
        of_length = figures["lengths"][length]
        ratio = of_length["p50"] / ours["lengths"][length]["p50"] if ours else None
        yield [
            name,
            *(f"{of_length[point]:.3g}" for point in _LATENCY),
            f"{ratio:.2f}" if ratio else "–",
            f"{of_length['q/s, two threads']:,.0f}",
            str(of_length["queries"]),
            _answers(figures["exact"], of_length),
        ]


def _answers(exact: bool, of_length: Figures) -> str:
    """Exact within the tolerance, or how wrong; without our scores, the share of the best ten."""
    overlap = f"{of_length['overlap']:.0%} of the best ten"
    if not exact:
        return overlap
    if of_length["error"] <= _TOLERANCE:
        return "exact"
    return f"wrong by {of_length['error']:.1g}, {overlap}"


def _of_indexes(run: Figures, engines: Figures) -> str:
    head = f"**The index of {run['documents']:,} documents, {run['postings']:,} postings**\n"
    rows = [
        [name, *(_number(figures[key]) for key in _INDEX), figures["note"]]
        for name, figures in engines.items()
    ]
    return "\n".join([head, _table(("engine", *_INDEX, "note"), rows)])


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,}"


def _of_batch(engines: Figures) -> str:
    head = "**All demands at once, two threads**; fewer where one engine takes too long\n"
    rows = [
        [name, *(f"{figures['batch'][key]:,}" for key in ("queries", "measured, s", "all, s"))]
        for name, figures in engines.items()
    ]
    return "\n".join([head, _table(("engine", "demands", "seconds", "seconds for all"), rows)])


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
