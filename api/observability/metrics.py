"""Figures for Prometheus. Every application has its own registry: nothing is counted globally.

Several processes behind one port answer a scrape in turns, so no process may tell of itself
alone: counters would jump back and forth, and a label ``process`` would leave each series with
gaps at most scrapes. Prometheus's own answer is its multiprocess mode, in which all processes write
their figures into one folder and whoever is asked adds them up (``processes.py``). The modes of the
gauges say how: lag is that of the process furthest behind, index sizes the smallest.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from api.observability.processes import shared

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_Mode = Literal["livemin", "livemax", "livesum", "mostrecent"]
_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Lag:
    """How far the index is behind the database: changes not applied, age of the oldest in s."""

    changes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Sources:
    """Asked at every scrape. None of them may build or load anything.

    ``sizes``: kind → records in the index; ``jobs``: state → background jobs, with zeros;
    ``model``: name of the bundle at work, None before there is one.
    """

    sizes: Callable[[], Mapping[str, int]] = dict
    model: Callable[[], str | None] = lambda: None
    lag: Callable[[], Lag | None] = lambda: None
    jobs: Callable[[], Mapping[str, int]] = dict


class Metrics:
    """The figures of one application."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._registry = registry = CollectorRegistry()
        self.requests = Histogram(
            "hongniang_request_seconds",
            "Time until a request was answered.",
            ("method", "route", "status"),
            buckets=_SECONDS,
            registry=registry,
        )
        self.in_flight = Gauge(
            "hongniang_requests_in_flight",
            "Requests not answered yet.",
            multiprocess_mode="livesum",
            registry=registry,
        )
        self.refused = Counter(
            "hongniang_refused_requests", "Requests refused.", ("reason",), registry=registry
        )
        self._size = self._gauge("index_records", "Records in the index.", "livemin", "kind")
        self._model = self._gauge("model", "Processes that use this model.", "livesum", "model")
        self._jobs = self._gauge("jobs", "Background jobs.", "mostrecent", "state")
        self._changes = self._gauge("index_lag_changes", "Changes not applied yet.", "livemax")
        self._seconds = self._gauge(
            "index_lag_seconds", "Age of the oldest change not applied yet.", "livemax"
        )
        self._shown: str | None = None

    def _gauge(self, name: str, about: str, mode: _Mode, *labels: str) -> Gauge:
        name = f"hongniang_{name}"
        return Gauge(name, about, labels, multiprocess_mode=mode, registry=self._registry)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answered request. ``route`` is a template: there are only so many."""
        method = method if method in _METHODS else "other"
        self.requests.labels(method, route, f"{status // 100}xx").observe(seconds)

    def refresh(self) -> None:
        """Ask the sources. Of several processes each calls this from time to time."""
        for kind, size in self._sources.sizes().items():
            self._size.labels(kind).set(size)
        for state, count in self._sources.jobs().items():
            self._jobs.labels(state).set(count)
        if lag := self._sources.lag():
            self._changes.set(lag.changes)
            self._seconds.set(lag.seconds)
        self._tell_model(self._sources.model())

    def _tell_model(self, name: str | None) -> None:
        if self._shown not in (None, name):
            self._model.labels(self._shown).set(0)
        if name is not None:
            self._model.labels(name).set(1)
        self._shown = name

    def exposition(self) -> bytes:
        """Everything in the text format of Prometheus, of all processes if they share a folder."""
        self.refresh()
        return generate_latest(shared() or self._registry)
