"""Schemathesis asks the interface, by its own document, what it promises and what it must refuse.

All checks are on, but for what ``UNSAYABLE`` and ``LENIENT`` name with their reasons.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from api.access.allowed import KEY, SESSION
from api.access.identity import FORM_HEADER
from api.app import create_app
from api.security.roles import SYSTEM, Actor, Role, Scope
from api.services.accounts import add_account
from api.services.catalogue import remove
from api.services.decisions import DecisionDraft, decide
from api.services.keys import add_key
from api.services.kinds import DEMANDS
from api.services.matching import MatchRequest, match
from api.services.signing_in import sign_in
from api.services.workspace import Workspace

ONCE = pytest.mark.any_database
PASSWORD = "一句很容易记住的话呀"
MOST_DEMANDS = 8
"""More say nothing more of the interface, but each day that is made is offered all of them."""
ALL = ("examples", "coverage", "fuzzing", "stateful")
PHASES = {
    "visitor": ("examples", "fuzzing"),
    "broker-key": ALL,
    "administrator-key": ("examples", "fuzzing"),
    "administrator-session": ALL,
}
PEOPLE_ONLY = re.compile("/api/v1/(me|users|keys|audit)")
"""What keys are refused; the session is spared what keys have gone through already."""
UNSAYABLE = {
    "POST /api/v1/imports": "a file that is a table of records",
    "POST /api/v1/matches": "text or id, not both; the lower bound is below the upper one",
    "POST /api/v1/cases/{id}/notes": "an idempotency key comes with one content only",
    "POST /api/v1/users": "a name not yet in use, and a password that is not easily guessed",
    "PUT /api/v1/users/{id}/enabled": "not one's own account",
    "POST /api/v1/subscriptions": "text or record_id, not both; a band and letters that there are",
    "PUT /api/v1/subscriptions/{id}/date_to": "a day from today on, where demands are looked for",
    "POST /api/v1/demands": "an idempotency key comes with one content only",
    "POST /api/v1/achievements": "the same, and the lower price is below the upper one",
    "PUT /api/v1/achievements/{id}": "the lower price is below the upper one",
    "POST /api/v1/resources": "the same key, and no lower bound is above its upper one",
    "PUT /api/v1/resources/{id}": "no lower bound is above its upper one",
    "PUT /api/v1/drafts/{code}": "the version is that of the draft as it is now",
    "GET /api/v1/decisions": "of a demand or of an achievement, not of both",
    "POST /api/v1/decisions": "who rejects has a reason",
    "POST /api/v1/days": "an idempotency key comes with one content only",
    "GET /api/v1/days/{id}/calendar.ics": "calendars of parties are there once it is published",
    "POST /api/v1/cases/{id}/moves": "what must be told depends on the stages",
    "PATCH /api/v1/cases/{id}": "names of accounts, and what depends on the stage",
}
"""Operations for which valid data may be refused, and what their schema cannot say."""
LENIENT = {
    "POST /api/v1/demands": "a keyword that is repeated counts once towards their number",
    "PUT /api/v1/demands/{id}": "the same",
    "POST /api/v1/achievements": "the same",
    "PUT /api/v1/achievements/{id}": "the same",
    "POST /api/v1/resources": "names of kinds and lists in one text are understood too",
    "PUT /api/v1/resources/{id}": "the same",
    "GET /api/v1/cases": "an empty filter is none, and of several the last counts",
}
"""Operations that understand more than they document, as people write it into one cell."""
CHECKS = {
    # 412 and 428 are how conditional requests are refused, by RFC 9110 and RFC 6585.
    "positive_data_acceptance": {
        "expected-statuses": ["2xx", "401", "403", "404", "412", "428"],
    },
    "negative_data_rejection": {
        "expected-statuses": ["400", "401", "403", "404", "405", "412", "413", "422", "428"],
    },
}


@dataclass
class Report:
    """What came of a run: failed checks, checks by name, and the operations that succeeded."""

    failures: list[str] = field(default_factory=list)
    checks: Counter[str] = field(default_factory=Counter)
    succeeded: set[str] = field(default_factory=set)

    def read(self, event: Any) -> None:
        if isinstance(event, events.NonFatalError | events.FatalError):
            self.failures.append(str(getattr(event, "info", None) or event.exception))
        if not isinstance(event, events.ScenarioFinished):
            return
        recorder = event.recorder
        for id_, checks in recorder.checks.items():
            answer = recorder.interactions[id_].response
            text = answer.content.decode("utf-8", "replace") if answer is not None else ""
            self.checks.update(check.name for check in checks)
            for check in checks:
                if check.failure_info:
                    told = check.failure_info
                    shown = (check.name, told.failure.message, told.code_sample, text)
                    self.failures.append("\n".join(shown))
            if answer is not None and answer.status_code < 300:
                self.succeeded.add(recorder.cases[id_].value.operation.label)


def off(operation: str) -> list[str]:
    """The checks that say nothing of this operation."""
    found = ["positive_data_acceptance"] if operation in UNSAYABLE else []
    return [*found, "negative_data_rejection"] if operation in LENIENT else found


def configuration(role: str, options: dict[str, Any], examples: int) -> SchemathesisConfig:
    chosen = PHASES[role]
    return SchemathesisConfig.from_dict(
        {
            "seed": 4,
            "checks": CHECKS,
            "generation": {
                "max-examples": examples,
                "deterministic": True,
                "database": "none",
                "no-shrink": True,
            },
            "phases": {phase: {"enabled": phase in chosen} for phase in ALL},
            "operations": [
                {"include-name": name, "checks": {check: {"enabled": False} for check in off(name)}}
                for name in UNSAYABLE | LENIENT
            ],
            **options,
        }
    )


@pytest.fixture(scope="module")
def workspace(module_copy: tuple[Workspace, TestClient]) -> Workspace:
    """Its own copy of fewer demands, with a case, and warm: the first match is slow."""
    opened = module_copy[0]
    for id_ in sorted(opened.demands.stamps())[MOST_DEMANDS:]:
        remove(opened, DEMANDS, id_)
    match(opened, MatchRequest(text="印染废水深度处理"))
    for name, role in (("jing.li", Role.broker), ("cai.guan", Role.administrator)):
        add_account(opened, SYSTEM, name, role, PASSWORD)
    demand, offer = (min(kept.stamps()) for kept in (opened.demands, opened.achievements))
    decide(opened, SYSTEM, demand, offer, DecisionDraft(verdict="accepted"))
    return opened


def credentials(workspace: Workspace, role: str) -> dict[str, Any]:
    """As Schemathesis takes them: by the names that the document gives them."""
    if role == "visitor":
        return {}
    name = "jing.li" if role == "broker-key" else "cai.guan"
    account = workspace.store.accounts.named(name)
    assert account is not None
    if role.endswith("key"):
        actor = Actor(account.id, account.name, Role(account.role))
        return {"auth": {"openapi": {KEY: {"bearer": add_key(workspace, actor, "测试", Scope)[1]}}}}
    token, _ = sign_in(workspace, name, PASSWORD, "testclient")
    return {
        "auth": {"openapi": {SESSION: {"api_key": workspace.signing.cookie(token)}}},
        "headers": {FORM_HEADER: workspace.signing.form_token(token)},
    }


def asked(workspace: Workspace, document: dict[str, Any], role: str, examples: int) -> Report:
    config = configuration(role, credentials(workspace, role), examples)
    if role == "administrator-session":
        paths = {path: kept for path, kept in document["paths"].items() if PEOPLE_ONLY.match(path)}
        document = document | {"paths": paths}
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.app = create_app(workspace)
    report = Report()
    for event in from_schema(schema).execute():
        report.read(event)
    return report


@pytest.mark.parametrize(
    ("role", "examples", "least"),
    [
        pytest.param("visitor", 2, 7, marks=ONCE),
        ("broker-key", 2, 20),
        pytest.param("administrator-key", 2, 22, marks=ONCE),
        pytest.param("administrator-session", 2, 7, marks=ONCE),
    ],
)
def test_the_interface_is_as_documented(
    workspace: Workspace,
    module_copy: tuple[Workspace, TestClient],
    role: str,
    examples: int,
    least: int,
) -> None:
    document = module_copy[1].get("/api/openapi.json").json()
    report = asked(workspace, document, role, examples)
    assert not report.failures, "\n\n".join(report.failures)
    assert len(report.succeeded) >= least, report.succeeded
    assert len(report.checks) >= 13
