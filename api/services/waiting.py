"""What waits for a broker today."""

from dataclasses import dataclass

from api.security.roles import Actor
from api.services.times import today
from api.services.workspace import Workspace
from api.store import CaseQuery
from matcher.values import ENDED, PENDING


@dataclass(frozen=True, slots=True)
class Waiting:
    """Demands that nobody has reviewed; of the broker's own, open cases and those overdue.

    And what the broker's subscriptions have found since they were looked at.
    """

    demands: int
    cases: int
    overdue: int
    found: int


def waiting(workspace: Workspace, actor: Actor) -> Waiting:
    """Counted now, for whoever is signed in."""
    store = workspace.store
    mine = CaseQuery(assignee=actor.name)
    late = CaseQuery(assignee=actor.name, overdue_on=today().isoformat())
    return Waiting(
        demands=store.reviews.counts().get(PENDING, 0),
        cases=sum(n for stage, n in store.case_lists.counts(mine).items() if stage != ENDED),
        overdue=sum(store.case_lists.counts(late).values()),
        found=sum(store.digests.unseen(actor.account_id or "").values()),
    )
