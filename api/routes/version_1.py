"""The JSON interface, version 1."""

from fastapi import APIRouter

from api.routes import (
    accounts,
    achievements,
    calls,
    cases,
    coach,
    days,
    decisions,
    demands,
    disclosures,
    drafts,
    exports,
    imports,
    market,
    matches,
    resources,
    subscriptions,
    support,
    topics,
)
from api.routes.problems import PROBLEMS


def version_1() -> APIRouter:
    """All its routes, in the order of the documentation."""
    router = APIRouter(prefix="/api/v1", responses=PROBLEMS)
    for part in (
        matches,
        achievements,
        demands,
        resources,
        support,
        decisions,
        cases,
        days,
        topics,
        calls,
        drafts,
        disclosures,
        coach,
        accounts,
        imports,
        exports,
        market,
        subscriptions,
    ):
        router.include_router(part.router)
    return router
