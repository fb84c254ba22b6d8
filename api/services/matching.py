"""Answer a request for pairings, whatever it starts from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from api.services import catalogue
from api.services.kinds import DEMANDS
from api.services.workspace import Workspace
from api.store.decisions import Side
from matcher.errors import InvalidQuery
from matcher.filters import Filters
from matcher.records import Achievement, Demand, Direction, MatchResult, Pairing
from matcher.steps import Steps, in_one_go


@dataclass(frozen=True, slots=True)
class MatchRequest:
    """Free text or the id of a record, and what to look for; exactly one of the two is given.

    ``decisions`` are grades 1 … 4 that were given elsewhere, by id of what was found; of stored
    records those that brokers gave here count too.
    """

    text: str | None = None
    id: str | None = None
    direction: Direction | None = None
    k: int = 10
    filters: Filters = field(default_factory=Filters)
    decisions: Mapping[str, int] = field(default_factory=dict)


def matching(workspace: Workspace, request: MatchRequest) -> Steps[MatchResult]:
    """Pairings for a request. Raises InvalidQuery or NotFound.

    A stored record is looked up by id; what to look for follows from its kind. Free text stands
    for a demand unless demands are looked for.
    """
    query = _query(workspace, request)
    decisions = {**learned(workspace, query), **request.decisions}
    return workspace.matchmaker.matching(query, request.k, request.filters, decisions)


match = in_one_go(matching)


def matching_record(
    workspace: Workspace,
    record: Demand | Achievement,
    k: int = 10,
    filters: Filters | None = None,
    facets: bool = False,
) -> Steps[MatchResult]:
    """Pairings for a stored record that was just read; ``facets`` asks how candidates spread.

    Raises InvalidQuery.
    """
    decisions = learned(workspace, record)
    return workspace.matchmaker.matching(record, k, filters, decisions, facets)


match_record = in_one_go(matching_record)


def weigh(
    workspace: Workspace, record: Demand | Achievement, ids: Sequence[str]
) -> tuple[Pairing, ...]:
    """Pairings with chosen records, wherever they rank; see ``Matchmaker.weigh``."""
    return workspace.matchmaker.weigh(record, ids, learned(workspace, record))


def learned(workspace: Workspace, record: Demand | Achievement) -> Mapping[str, int]:
    """The grades that brokers' decisions on the pairings of a stored record teach."""
    if not record.id:
        return {}
    side: Side = "demand_id" if isinstance(record, Demand) else "achievement_id"
    return workspace.store.decisions.grades(side, record.id)


def _query(workspace: Workspace, request: MatchRequest) -> Demand | Achievement:
    if (request.text is None) == (request.id is None):
        raise InvalidQuery.of(
            "text", "请给出 text（一段文字）或 id（已入库的需求或成果），二者只选其一。"
        )
    if request.text is not None:
        return _from_text(request.text, request.direction)
    record = _stored(workspace, str(request.id))
    looked_for = "achievements" if isinstance(record, Demand) else "demands"
    if request.direction not in (None, looked_for):
        raise InvalidQuery.of(
            "direction", f"以该编号为起点只能查找 {looked_for}，请改正或省略 direction。"
        )
    return record


def _from_text(text: str, direction: Direction | None) -> Demand | Achievement:
    if not text.strip():
        raise InvalidQuery.of("text", "请写下技术问题、指标或目标，再进行匹配。")
    if direction == "demands":
        return Achievement(id="", title="", abstract=text)
    return Demand.from_text(text)


def _stored(workspace: Workspace, id_: str) -> Demand | Achievement:
    found = workspace.demands.get(id_) or workspace.achievements.get(id_)
    return found or catalogue.get(workspace, DEMANDS, id_)
