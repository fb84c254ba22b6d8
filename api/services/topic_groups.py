"""Demands grouped by topic, kept for who asks for the same ones again."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from scipy.sparse import csr_array

from api.security.redaction import HIDDEN
from api.services.workspace import Workspace
from matcher.calls import COARSE, FINE, USUAL, Naming, clusters
from matcher.records import Demand

WIDTHS: Final = {"usual": USUAL, "fine": FINE, "coarse": COARSE}
_KEPT: Final = 16


@dataclass(frozen=True, slots=True)
class Grouping:
    """Ids by topic, and what names them."""

    topics: tuple[tuple[str, ...], ...]
    naming: Naming
    rows: csr_array
    places: Mapping[str, int]

    def name(self, demands: Sequence[Demand]) -> tuple[str, ...]:
        """The strongest terms of demands, as everybody may see them; those unknown do not count."""
        known = [demand for demand in demands if demand.id in self.places]
        if not known:
            return ()
        rows = self.rows[[self.places[demand.id] for demand in known]]
        return self.naming.name([_without_marks(demand) for demand in known], rows)


_cache: "OrderedDict[object, Grouping]" = OrderedDict()
_caching: Final = threading.Lock()


def grouping(workspace: Workspace, found: Sequence[tuple[str, str]], width: str) -> Grouping:
    """Demands, given as ids and stamps, by topic; ``width`` is one of ``WIDTHS``.

    Made once for the same demands, model and width: of 2,000 it takes about a second.
    """
    matchmaker, key = workspace.matchmaker, (workspace.model, width, tuple(found))
    with _caching:
        if key in _cache:
            _cache.move_to_end(key)
            return _cache[key]
    entries, rows = matchmaker.demands.index.get([id_ for id_, _ in found])
    fields = [entry.facets.field for entry in entries]
    groups = clusters(matchmaker.representation, rows, fields, WIDTHS[width])
    ids = [entry.id for entry in entries]
    made = Grouping(
        tuple(tuple(ids[place] for place in group) for group in groups),
        Naming(matchmaker.representation, rows),
        rows,
        {id_: place for place, id_ in enumerate(ids)},
    )
    with _caching:
        _cache[key] = made
        while len(_cache) > _KEPT:
            _cache.popitem(last=False)
    return made


def _without_marks(demand: Demand) -> Demand:
    """A public view in which what was hidden is no word."""
    names = ("title", "problem", "indicators", "goal")
    return replace(demand, **{name: getattr(demand, name).replace(HIDDEN, "，") for name in names})
