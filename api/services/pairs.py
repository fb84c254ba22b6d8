"""Every pairing at once: the best for each record of one side, over the whole library."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from api.security.redaction import public_demand
from api.services.kinds import ACHIEVEMENTS, DEMANDS
from api.services.workspace import Workspace
from api.store.decisions import Side
from api.store.mapping import Mapped
from api.store.walking import behind, count_behind, external_ids, not_public
from matcher.checks import check
from matcher.errors import InvalidQuery
from matcher.filters import Filters
from matcher.pairing.batch import Best, Pair, best_pairs
from matcher.records import Achievement, Demand, Direction

COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "demand_id": ("需求编号", "string"),
    "demand_external_id": ("需求外部编号", "string"),
    "demand_title": ("需求名称", "string"),
    "achievement_id": ("成果编号", "string"),
    "achievement_external_id": ("成果外部编号", "string"),
    "achievement_title": ("成果名称", "string"),
    "rank": ("名次", "int32"),
    "grade": ("等级", "int32"),
    "expected_grade": ("期望等级", "double"),
    "strong_probability": ("较强以上的可能性", "double"),
    "score": ("相似度", "double"),
    "reason": ("理由", "string"),
}
"""What is said of a pair: the name for people, and the type; see ``rows``."""
_READ: Final = 200
"""Records that are read at once."""
_Record = Achievement | Demand


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for (``direction``) for each record of the other side, and how much of it.

    Pairs below the grade ``least`` are left out. ``public`` leaves out demands that are not for
    everybody, and shows of the others what everybody may see.
    """

    direction: Direction = "achievements"
    k: int = 10
    least: int | None = None
    filters: Filters = field(default_factory=Filters)
    public: bool = False
    reasons: bool = False


def checked(workspace: Workspace, wanted: Wanted) -> Wanted:
    """The same, if it can be had. Raises InvalidQuery."""
    is_offer = wanted.direction == "achievements"
    record = Demand(id="", title="") if is_offer else Achievement(id="", title="")
    check(record, wanted.k, wanted.filters, {})
    if wanted.least is not None and not 1 <= wanted.least <= 4:
        raise InvalidQuery.of("least", "最低等级应为 1（无相关）到 4（强相关）的整数。")
    if wanted.least is not None and workspace.matchmaker.grader is None:
        raise InvalidQuery.of("least", "当前模型不给等级，请去掉最低等级。")
    if wanted.public and wanted.reasons:
        raise InvalidQuery.of("reasons", "公开的配对不附理由：理由会引用需求原文，请去掉其一。")
    return wanted


def total(workspace: Workspace, wanted: Wanted, after: str = "") -> int:
    """How many records behind the id ``after`` are asked for."""
    return count_behind(workspace.store.database, _asking(workspace, wanted), after, wanted.public)


def every_pair(workspace: Workspace, wanted: Wanted, after: str = "") -> Iterator[Best[Any]]:
    """The best for each record behind the id ``after``, in order of id.

    As ``matching.match_record`` has them: what brokers decided on is not shown again, and teaches.
    """
    is_offer = wanted.direction == "achievements"
    side: Side = "demand_id" if is_offer else "achievement_id"
    hidden = not_public(workspace.store.database) if wanted.public and not is_offer else set[str]()
    return best_pairs(
        workspace.matchmaker,
        _records(workspace, wanted, after),
        wanted.k,
        wanted.filters,
        partial(workspace.store.decisions.grades_of_many, side),
        hidden,
        wanted.reasons,
    )


def rows(workspace: Workspace, wanted: Wanted, found: Sequence[Best[Any]]) -> list[dict[str, Any]]:
    """The pairs as rows of COLUMNS, ``reason`` only if it is wanted."""
    pairs = [pair for best in found for pair in best.pairs if _is_wanted(wanted, pair)]
    database = workspace.store.database
    needs, offers = {p.demand.id for p in pairs}, {p.achievement.id for p in pairs}
    names = external_ids(database, DEMANDS.table(workspace).mapped, sorted(needs))
    names |= external_ids(database, ACHIEVEMENTS.table(workspace).mapped, sorted(offers))
    return [_row(wanted, pair, names) for pair in pairs]


def _is_wanted(wanted: Wanted, pair: Pair) -> bool:
    return wanted.least is None or (pair.grading is not None and pair.grading.grade >= wanted.least)


def _row(wanted: Wanted, pair: Pair, names: Mapping[str, str]) -> dict[str, Any]:
    need, offer, grading = pair.demand, pair.achievement, pair.grading
    row = {
        "demand_id": need.id,
        "demand_external_id": names.get(need.id),
        "demand_title": public_demand(need).title if wanted.public else need.title,
        "achievement_id": offer.id,
        "achievement_external_id": names.get(offer.id),
        "achievement_title": offer.title,
        "rank": pair.rank,
        "grade": grading.grade if grading else None,
        "expected_grade": grading.expected if grading else None,
        "strong_probability": grading.strong if grading else None,
        "score": pair.score,
    }
    return row | {"reason": pair.reason} if wanted.reasons else row


def _asking(workspace: Workspace, wanted: Wanted) -> Mapped[Any]:
    kind = DEMANDS if wanted.direction == "achievements" else ACHIEVEMENTS
    return kind.table(workspace).mapped


def _records(workspace: Workspace, wanted: Wanted, after: str) -> Iterator[_Record]:
    mapped = _asking(workspace, wanted)
    while some := behind(workspace.store.database, mapped, after, _READ, wanted.public):
        yield from some
        after = some[-1].id
