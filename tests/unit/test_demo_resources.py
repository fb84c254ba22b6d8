"""The resources of the demo: valid, of every kind and field, plainly invented or plainly law."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest

from api.services.resource_drafts import ResourceDraft
from matcher import values
from matcher.resources import Resource

EXAMPLE: Final = "（示例）"
TODAY: Final = "2026-11-22"
"""When the demo was written. Those with a last day before it are out of date for good."""
LEAST = 24


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    path = Path(__file__).parents[2] / "demo" / "resources.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def resources(rows: list[dict[str, Any]]) -> list[Resource]:
    """Each line as it would be imported; a line that breaks a rule fails here."""
    drafts = [
        (row["external_id"], {name: row[name] for name in row if name != "external_id"})
        for row in rows
    ]
    return [ResourceDraft.model_validate(draft).record(id_) for id_, draft in drafts]


def is_public_knowledge(resource: Resource) -> bool:
    """A national policy, which names its document and has nobody to call."""
    return resource.kind == values.POLICY and EXAMPLE not in (resource.provider or "")


def test_every_line_is_valid_and_known_by_its_own_id(resources: list[Resource]) -> None:
    assert len({resource.id for resource in resources}) == len(resources)
    assert len({(resource.kind, resource.title) for resource in resources}) == len(resources)


def test_every_kind_is_there_in_number(resources: list[Resource]) -> None:
    counts = Counter(resource.kind for resource in resources)
    assert set(counts) == set(values.RESOURCE_KINDS)
    assert min(counts.values()) >= LEAST


@pytest.mark.parametrize("kind", values.RESOURCE_KINDS)
def test_every_field_of_technology_is_named_by_some_of_each_kind(
    resources: list[Resource], kind: str
) -> None:
    named = {field for resource in resources if resource.kind == kind for field in resource.fields}
    assert named == set(values.FIELDS)


def test_organisations_and_persons_are_marked_as_invented(resources: list[Resource]) -> None:
    invented = [resource for resource in resources if not is_public_knowledge(resource)]
    assert all((resource.provider or "").endswith(EXAMPLE) for resource in invented)
    assert all((resource.contact or "").endswith(EXAMPLE) for resource in invented)
    assert all(EXAMPLE in r.title for r in invented if r.kind in (values.EXPERT, values.POLICY))
    assert all(EXAMPLE in (r.source or "") for r in invented if r.kind == values.POLICY)


def test_national_policies_name_their_document_and_claim_no_amount(
    resources: list[Resource],
) -> None:
    policies = [resource for resource in resources if is_public_knowledge(resource)]
    assert len(policies) >= 8
    for policy in policies:
        assert policy.source
        assert policy.region is policy.contact is policy.amount_min is policy.amount_max is None
        assert EXAMPLE not in policy.title


def test_regions_begin_with_a_province(resources: list[Resource]) -> None:
    regions = {resource.region for resource in resources if resource.region}
    assert len(regions) >= 15
    assert {region.partition("-")[0] for region in regions} <= set(values.PROVINCES)


def test_some_can_no_longer_or_not_yet_be_had(resources: list[Resource]) -> None:
    assert sum((r.valid_until or TODAY) < TODAY for r in resources) >= 5
    assert sum((r.valid_from or TODAY) > TODAY for r in resources) >= 5


def test_some_are_too_small_too_late_or_for_one_place_alone(resources: list[Resource]) -> None:
    finance = [resource for resource in resources if resource.kind == values.FINANCE]
    assert any((resource.amount_max or 1e8) <= 50 for resource in finance)
    assert any((resource.amount_min or 0) >= 1000 for resource in finance)
    assert any((resource.maturity_min or 0) >= 8 for resource in finance)
    assert any(resource.region for resource in finance)
