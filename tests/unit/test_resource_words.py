"""Resources in words, in the form and in files: every kind, and the last day of each."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.pages import resource_facts as told
from api.pages.columns import columns_context
from api.pages.resource_forms import as_typed, given
from api.security.roles import SYSTEM
from api.services import demo
from api.services.headers import recognised
from api.services.importing import import_file
from api.services.kinds import KINDS, RESOURCES
from api.services.preparing import look, prepare
from api.services.resource_drafts import ResourceDraft
from api.services.workspace import Workspace
from matcher.values import RESOURCE_KINDS
from tests.unit.rows import draft_values, resource_row, write_csv, write_jsonl, write_xlsx
from tests.unit.stores import resource

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("window", "said"),
    [
        ({}, ("good", "有效")),
        ({"valid_until": "2026-11-21"}, ("ended", "已过期")),
        ({"valid_until": "2026-11-22"}, ("waiting", "今天截止")),
        ({"valid_until": "2026-12-22"}, ("waiting", "还剩 30 天")),
        ({"valid_until": "2026-12-23"}, ("good", "有效")),
        ({"valid_from": "2026-11-22"}, ("good", "有效")),
        ({"valid_from": "2026-11-23", "valid_until": "2026-11-30"}, ("waiting", "未生效")),
    ],
)
def test_the_last_day_still_counts(window: dict[str, str], said: tuple[str, str]) -> None:
    state = told.state(resource("r1", **window), DAY)
    assert (state.key, state.name) == said


@pytest.mark.parametrize(
    ("values", "label", "said"),
    [
        ({"amount_min": 50, "amount_max": 500}, "额度", "50–500 万元"),
        ({"amount_max": 500}, "额度", "不超过 500 万元"),
        ({"amount_min": 50}, "额度", "50 万元起"),
        ({}, "额度", None),
        ({"maturity_min": 4, "maturity_max": 4}, "适用阶段", "TRL 4"),
        ({"maturity_min": 4}, "适用阶段", "TRL 4 起"),
        ({"maturity_max": 6}, "适用阶段", "TRL 6 以内"),
        ({"valid_from": "2026-01-01"}, "有效期", "2026-01-01 起"),
        ({"valid_until": "2026-12-31"}, "有效期", "2026-12-31 止"),
        ({}, "有效期", "长期"),
        ({}, "地区", "全国"),
        ({}, "技术领域", "不限"),
        ({"term": 24}, "期限", "24 个月"),
        ({"kind": "expert"}, "所在单位", "沧澜中试基地（示例）"),
        ({"kind": "policy", "source": "某〔2026〕1 号"}, "文号", "某〔2026〕1 号"),
    ],
)
def test_facts_say_bounds_in_words(values: dict[str, Any], label: str, said: str | None) -> None:
    facts = {fact.label: fact.value for fact in told.facts(resource("r1", **values))}
    assert facts.get(label) == said


@pytest.mark.parametrize("kind", ["", *RESOURCE_KINDS])
def test_a_row_has_a_cell_below_every_head(kind: str) -> None:
    cells = told.cells(resource("r1", conditions="很长" * 100), kind)
    assert [cell.label for cell in cells] == told.columns(kind)
    assert all(0 < len(cell.value) <= 61 for cell in cells)


@pytest.mark.parametrize("kind", RESOURCE_KINDS)
def test_what_the_form_is_filled_with_is_the_record_again(kind: str) -> None:
    everything = {
        "kind": kind,
        "conditions": "条件\n第二行",
        "keywords": ["甲", "乙"],
        "services": ["丙"],
        "equipment": ["丁"],
        "fields": ["新材料", "航空航天"],
        "industry": "制造业",
        "amount_min": 0.5,
        "amount_max": 30000,
        "term": 36,
        "maturity_min": 1,
        "valid_until": "2027-01-01",
    }
    kept = resource("r1", **everything)
    typed = as_typed(kept, 3)
    assert typed.pop("version") == "3"
    ticked = {f"fields-{n}": name for n, name in enumerate(kept.fields)}
    sent = given({name: text for name, text in typed.items() if name != "fields"} | ticked)
    sent = {name: text for name, text in sent.items() if name in ResourceDraft.model_fields}
    assert ResourceDraft.model_validate(sent).record("r1") == kept


def test_columns_are_known_by_their_labels_and_other_names() -> None:
    labels = list(ResourceDraft.labels().values())
    fields = recognised(RESOURCES, ["资源编号", *labels])
    assert list(fields.values()) == ["external_id", *ResourceDraft.model_fields]
    others = ["类别", "名称", "简介", "所属领域", "有效期至", "主要设备", "文号"]
    assert list(recognised(RESOURCES, others).values()) == [
        "kind",
        "title",
        "summary",
        "fields",
        "valid_until",
        "equipment",
        "source",
    ]


def test_the_same_resource_comes_from_every_kind_of_file(space: Workspace, tmp_path: Path) -> None:
    labels = ResourceDraft.labels() | {"external_id": "编号"}
    row = resource_row(
        kind="中试平台", term="24 个月", fields="新材料、航空航天", maturity_min="TRL 4"
    )
    named = {labels[name]: value for name, value in row.items()}
    table = [list(named), list(named.values())]
    counts = []
    for path in (
        write_xlsx(tmp_path / "资源.xlsx", table),
        write_csv(tmp_path / "资源.csv", [named]),
        write_jsonl(tmp_path / "资源.jsonl", [row]),
    ):
        done = import_file(space, RESOURCES, path)
        counts.append((done.added, done.changed, done.unchanged))
    assert counts == [(1, 0, 0), (0, 0, 1), (0, 0, 1)]
    [kept] = space.resources.all()
    assert (kept.kind, kept.term, kept.maturity_min) == ("pilot", 24, 4)
    assert kept.fields == ("新材料", "航空航天")


def test_the_preview_of_a_file_says_what_its_numbers_count(
    space: Workspace, tmp_path: Path
) -> None:
    row = resource_row(term=24, maturity_min=4, amount_max=300)
    with write_jsonl(tmp_path / "r.jsonl", [row]).open("rb") as file:
        job = prepare(space, RESOURCES, "r.jsonl", file, SYSTEM, keep_duplicates=False)
    [card] = columns_context(look(space, job)).records
    facts = {fact.label: fact.value for fact in card.facts}
    assert facts["资源类别"] == "中试平台"
    assert (facts["期限"], facts["最低成熟度"], facts["最高额度"]) == (
        "24 个月",
        "TRL 4",
        "300 万元",
    )


def test_the_demo_is_loaded_with_its_resources_if_there_are_any(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "demo_folder", lambda: tmp_path)
    assert demo.load_demo(space) == 0
    write_jsonl(tmp_path / "resources.jsonl", [resource_row(1), resource_row(2)])
    assert demo.load_demo(space) == 2
    assert [kind.table(space).count() for kind in KINDS.values()][-1] == 2
    assert draft_values(resource_row(1))["title"] in {one.title for one in space.resources.all()}
