"""Fixtures that several kinds of tests share."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from matcher import Achievement, Demand, Matchmaker
from matcher.resources import Resource

pytest_plugins = ["tests.databases"]

# Base classes of tests live outside test_*.py: without this their asserts would say nothing.
pytest.register_assert_rewrite("tests.contract.index_contract", "tests.browser.every_page")

# The same examples in every run, and no deadline: a slow machine is not a failure.
settings.register_profile(
    "same-everywhere",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("same-everywhere")

ROOT = Path(__file__).parents[1]
_LONG = "test_schemathesis.py"
"""A file that takes more than a minute: others are not to wait for it at the end."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--screenshots",
        action="store_true",
        help="keep pictures of every page in build/screenshots, by day and by night",
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    """The records of a demo file in the shape of the engine's: ``external_id`` becomes ``id``."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for row in rows:
        row["id"] = row.pop("external_id")
    return [
        {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
        for row in rows
    ]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name != _LONG)


@pytest.fixture(scope="session")
def demo_achievements() -> list[Achievement]:
    return [Achievement(**row) for row in _rows(ROOT / "demo" / "achievements.jsonl")]


@pytest.fixture(scope="session")
def demo_demands() -> list[Demand]:
    return [Demand(**row) for row in _rows(ROOT / "demo" / "demands.jsonl")]


@pytest.fixture(scope="session")
def demo_resources() -> list[Resource]:
    return [Resource(**row) for row in _rows(ROOT / "demo" / "resources.jsonl")]


@pytest.fixture(scope="session")
def demo_matchmaker(
    demo_achievements: list[Achievement],
    demo_demands: list[Demand],
    demo_resources: list[Resource],
) -> Matchmaker:
    """Fitted on all demo data. Shared: tests only ask it, they add and remove nothing."""
    return Matchmaker.from_records(demo_achievements, demo_demands, resources=demo_resources)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real evaluation data beside the repository; tests that need it are skipped without."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no evaluation data at {folder}")
    return folder
