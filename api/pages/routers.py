"""All pages. Fixed addresses first: /demands/new must not be taken for the demand "new"."""

from typing import Final

from fastapi import APIRouter

from api.pages import (
    accounts,
    admin,
    audit,
    bundles,
    calls,
    case,
    cases,
    documentation,
    editing,
    feeds,
    imports,
    inbox,
    overview,
    pairings,
    receipts,
    records,
    resource_editing,
    resources,
    review,
    submission,
    subscriptions,
    users,
    workbench,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    documentation.router,
    accounts.router,
    admin.router,
    users.router,
    bundles.router,
    audit.router,
    imports.router,
    inbox.router,
    overview.router,
    calls.router,
    review.router,
    cases.router,
    case.router,
    subscriptions.router,
    feeds.router,
    submission.router,
    receipts.router,
    editing.router,
    resource_editing.router,
    resources.router,
    pairings.router,
    records.router,
    workbench.router,
)
