"""The models at their page: what there is, using another, going back; and the start page."""

import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.observability.metrics import Lag
from api.pages.admin import admin_context
from api.pages.bundles import model_context, models_context
from api.pages.markdown import as_html
from api.services import bundles
from api.services.administration import Overview, overview
from api.services.findings import bad, good
from api.services.workspace import Workspace
from models.default import CARD, REPORT
from tests.web.people import ADMINISTRATOR, Browser, People, TestClient

pytestmark = pytest.mark.any_database

SCRIPT = "<script>alert(1)</script>"
SECOND = "20300101-000000-000000"


@pytest.fixture
def space(copy: tuple[Workspace, TestClient]) -> Workspace:
    return copy[0]


@pytest.fixture
def admin(space: Workspace) -> Browser:
    return People(space)[ADMINISTRATOR]


@pytest.fixture
def second(space: Workspace) -> Path:
    """A newer bundle beside the current one."""
    models = space.folder / "models"
    return Path(shutil.copytree(models / space.registry.current(), models / SECOND))


def change(folder: Path, **values: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | values), "utf-8")


def notes(space: Workspace) -> list[str | None]:
    return [line.subject for line in space.store.audit.page(9, action="model")]


def test_a_bundle_is_used_taken_up_and_rolled_back(
    space: Workspace, admin: Browser, second: Path
) -> None:
    first = space.registry.current()
    assert "回滚到" not in admin.get("/admin/models").text
    for _ in range(2):
        answer = admin.submit(f"/admin/models/{SECOND}/use")
        assert answer.headers["location"] == "/admin/models"
    assert space.registry.current() == SECOND
    assert f"本进程仍在用 {first}" in admin.get("/admin/models").text
    while space.model != SECOND:
        space.follow()
    page = admin.get("/admin/models").text
    assert "本进程仍在用" not in page
    assert f"回滚到 {first}" in page
    for _ in range(2):
        back = admin.submit("/admin/models/rollback", {"current": SECOND})
        assert back.headers["location"] == "/admin/models"
    assert space.registry.current() == first
    assert notes(space) == [first, SECOND]
    assert admin.submit("/admin/models/rollback", {"current": first}).status_code == 422


def test_a_bundle_that_does_not_fit_is_shown_and_cannot_be_used(
    space: Workspace, admin: Browser, second: Path
) -> None:
    first, manifest = space.registry.current(), json.loads((second / "manifest.json").read_bytes())
    manifest["runtime"]["libraries"]["numpy"] = SCRIPT
    change(second, runtime=manifest["runtime"])
    page = admin.get("/admin/models").text
    assert "不能使用" in page
    assert "numpy" in page
    assert SCRIPT not in page
    assert f"/admin/models/{SECOND}/use" not in page
    answer = admin.submit(f"/admin/models/{SECOND}/use")
    assert (answer.status_code, "不一致" in answer.text) == (422, True)
    assert "不能使用" in admin.get(f"/admin/models/{SECOND}").text
    assert (space.registry.current(), notes(space)) == (first, [])


@pytest.mark.parametrize("how", ["altered", "shorter list", "no manifest"])
def test_a_damaged_bundle_is_refused_when_it_is_to_be_used(
    space: Workspace, admin: Browser, second: Path, how: str
) -> None:
    if how == "altered":
        (second / "grader.json").write_text("{}")
    else:
        (second / ("grader.json" if how == "shorter list" else "manifest.json")).unlink()
    assert admin.get("/admin/models").status_code == 200
    assert "不能使用" in admin.get(f"/admin/models/{SECOND}").text
    assert admin.submit(f"/admin/models/{SECOND}/use").status_code == 422
    assert space.registry.current() != SECOND
    assert notes(space) == []


@pytest.mark.parametrize("name", ["nobody", ".hidden", "%2e%2e", "current.json", SCRIPT])
def test_a_bundle_that_is_not_there_is_a_calm_answer(admin: Browser, name: str) -> None:
    assert admin.get(f"/admin/models/{name}").status_code in (404, 405)
    answer = admin.submit(f"/admin/models/{name}/use")
    assert answer.status_code in (404, 405, 422)
    assert SCRIPT not in answer.text


def test_forms_from_elsewhere_switch_nothing(
    space: Workspace, admin: Browser, second: Path
) -> None:
    before = space.registry.current()
    assert admin.post(f"/admin/models/{SECOND}/use").status_code == 403
    assert admin.post("/admin/models/rollback", data={"current": before}).status_code == 403
    assert space.registry.current() == before


def test_a_damaged_list_says_so_and_using_a_bundle_mends_it(
    space: Workspace, admin: Browser
) -> None:
    name = space.registry.current()
    (space.folder / "models" / "current.json").write_text("nonsense")
    page = admin.get("/admin/models")
    assert (page.status_code, "已损坏" in page.text) == (200, True)
    assert admin.submit(f"/admin/models/{name}/use").status_code == 303
    assert space.registry.current() == name


def test_the_report_of_a_training_is_readable(
    space: Workspace, admin: Browser, second: Path
) -> None:
    figures = {"labels": 7376, "unseen ndcg@10": 0.7, "known ndcg@10": 0.86, "unseen odd": 1}
    manifest = json.loads((second / "manifest.json").read_bytes())
    change(second, figures=figures, sha256=manifest["sha256"] | {"grader.json": "0" * 64})
    context = model_context(bundles.model(space, SECOND))
    rows = {row.label: (row.unseen, row.known) for row in context.report}
    assert rows == {"nDCG@10": ("0.7", "0.86"), "odd": ("1", "—")}
    assert {fact.label: fact.value for fact in context.facts} == {"标注": "7,376"}
    assert not context.card
    assert "缺失或被改动" in context.line.problem
    assert "0.7</td>" in admin.get("/admin/models").text


def test_the_card_of_the_grader_that_ships_is_shown_with_its_figures(
    space: Workspace, admin: Browser
) -> None:
    for name in (space.registry.current(), "default"):
        page = admin.get(f"/admin/models/{name}").text
        assert "<h3>The default grader</h3>" in page
        assert "0.692" in page
    assert "<table>" in as_html(CARD.read_text("utf-8"))


def test_the_figures_beside_the_card_are_those_of_the_card() -> None:
    card = CARD.read_text("utf-8").replace(",", "")
    for name, value in REPORT.items():
        assert re.search(rf"{value:.4f}|{value:.3f}|\b{value:g}\b", card), name


def test_html_in_a_document_is_shown_and_not_used() -> None:
    found = as_html(f"# {SCRIPT}\n\n[x](javascript:alert(1)) ###### y")
    assert SCRIPT not in found
    assert 'href="javascript' not in found
    assert "<h3>" in found


def test_before_anything_was_fitted_the_model_that_ships_is_listed(
    untrained: tuple[Workspace, TestClient],
) -> None:
    context = models_context(bundles.models(untrained[0]))
    assert [line.name for line in context.bundles] == ["default"]
    assert context.bundles[0].is_current
    assert context.before == ""


def test_many_bundles_are_listed_up_to_a_bound_and_the_current_one_always(
    space: Workspace, second: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "_MOST", 1)
    found = bundles.models(space)
    assert [seen.name for seen in found.bundles] == [SECOND, space.registry.current()]
    assert found.others == 0
    space.registry.use(SECOND)
    assert bundles.models(space).others == 1


# The start page


def test_the_start_page_shows_what_is_there_and_what_is_to_do(
    space: Workspace, admin: Browser
) -> None:
    page = admin.get("/admin").text
    assert "<b>168</b>" in page
    assert str(space.model) in page
    assert "还没有备份的记录" in page
    assert 'href="/admin/models"' in page


def test_the_start_page_loads_nothing(broken: tuple[Workspace, TestClient]) -> None:
    space = broken[0]
    page = People(space)[ADMINISTRATOR].get("/admin")
    assert page.status_code == 200
    assert space.model is None
    assert "本进程还没有载入模型" in page.text
    found = {one.subject: one.good for one in overview(space).findings}
    assert not found["模型"]
    assert "匹配" not in found


def test_findings_come_wrong_first_with_the_place_to_go() -> None:
    seen = Overview(
        achievements=12345,
        demands=0,
        resources=7,
        accounts=1,
        model=None,
        lag=Lag(3, 7.6),
        backup_at=datetime(2027, 3, 1, 20, tzinfo=UTC) + timedelta(hours=1),
        jobs=(),
        findings=[bad("备份", SCRIPT), good("磁盘", "好"), bad("别的", "？")],
    )
    context = admin_context(seen)
    assert [(line.subject, line.href) for line in context.wrong] == [
        ("备份", "/audit?action=backup"),
        ("别的", ""),
    ]
    assert [line.subject for line in context.right] == ["磁盘"]
    tiles = {tile.label: (tile.value, tile.note) for tile in context.tiles}
    assert tiles["成果"] == ("12,345", "项")
    assert tiles["资源"] == ("7", "项")
    assert tiles["索引落后"] == ("3 处", "最早的已等待 8 秒")
    assert tiles["最近备份"][0] == "2027-03-02 05:00"
    assert tiles["在用模型"][0] == "未载入"
