"""Catalogue, submission, matching and fitting: the use cases that all doors share."""

import hashlib
import re
from base64 import b32decode
from pathlib import Path
from typing import Any

import pytest

from api.bootstrap import open_workspace
from api.services import catalogue
from api.services.drafts import AchievementDraft, DemandDraft
from api.services.fitting import fit
from api.services.importing import import_file
from api.services.kinds import ACHIEVEMENTS, DEMANDS
from api.services.matching import MatchRequest, match
from api.services.submission import by_receipt, submit
from api.services.workspace import Workspace
from api.settings import Settings
from matcher.errors import BundleMissing, InvalidQuery, NotFound
from matcher.filters import Filters
from matcher.records import Achievement
from tests.unit.conftest import Opener
from tests.unit.graders import assert_same
from tests.unit.rows import achievement_row, demand_row, draft_values, write_jsonl


def offer(**changes: Any) -> AchievementDraft:
    return AchievementDraft.model_validate(draft_values(achievement_row(9)) | changes)


def need(**changes: Any) -> DemandDraft:
    return DemandDraft.model_validate(draft_values(demand_row(9)) | changes)


def found(workspace: Workspace, text: str) -> list[str]:
    result = match(workspace, MatchRequest(text=text))
    return [pairing.achievement.id for pairing in result.pairings]


BLOWER = {"title": "磁悬浮鼓风机", "abstract": "磁悬浮轴承。", "keywords": ""}


# catalogue


def test_what_is_added_is_stored_and_found_at_once(workspace: Workspace) -> None:
    record = catalogue.add(workspace, ACHIEVEMENTS, offer(**BLOWER))
    assert record.id.startswith("a")
    assert catalogue.get(workspace, ACHIEVEMENTS, record.id) == record
    assert found(workspace, "磁悬浮") == [record.id]


def test_what_is_replaced_keeps_its_id_and_is_found_by_its_new_words(workspace: Workspace) -> None:
    record = catalogue.add(workspace, ACHIEVEMENTS, offer(**BLOWER))
    changed = catalogue.replace(
        workspace,
        ACHIEVEMENTS,
        record.id,
        offer(title="钙钛矿叠层", abstract="叠层。", keywords=""),
    )
    assert changed.id == record.id
    assert catalogue.get(workspace, ACHIEVEMENTS, record.id).title == "钙钛矿叠层"
    assert found(workspace, "磁悬浮") == []
    assert found(workspace, "钙钛矿") == [record.id]


def test_what_is_removed_is_found_no_longer(workspace: Workspace) -> None:
    record = catalogue.add(workspace, ACHIEVEMENTS, offer(**BLOWER))
    catalogue.remove(workspace, ACHIEVEMENTS, record.id)
    assert found(workspace, "磁悬浮") == []
    with pytest.raises(NotFound):
        catalogue.get(workspace, ACHIEVEMENTS, record.id)


def test_ids_that_nobody_carries_are_not_found_and_change_nothing(workspace: Workspace) -> None:
    demand_id = next(workspace.demands.all()).id
    before = workspace.achievements.stamps()
    for id_ in ("nobody", "", demand_id):
        with pytest.raises(NotFound):
            catalogue.get(workspace, ACHIEVEMENTS, id_)
        with pytest.raises(NotFound):
            catalogue.replace(workspace, ACHIEVEMENTS, id_, offer())
        with pytest.raises(NotFound):
            catalogue.remove(workspace, ACHIEVEMENTS, id_)
    assert workspace.achievements.stamps() == before


def test_before_any_fit_what_is_sent_in_is_found_at_once_and_still_after_the_fit(
    empty: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    record = catalogue.add(empty, ACHIEVEMENTS, offer(**BLOWER))
    demand, code = submit(empty, need())
    assert caplog.text == ""
    assert by_receipt(empty, code).record == demand
    assert found(empty, "磁悬浮") == [record.id]
    fit(empty)
    assert found(empty, "磁悬浮") == [record.id]


def test_without_a_model_what_was_removed_is_gone(empty: Workspace, tmp_path: Path) -> None:
    import_file(empty, ACHIEVEMENTS, write_jsonl(tmp_path / "a.jsonl", [achievement_row(1)]))
    [record] = empty.achievements.all()
    catalogue.remove(empty, ACHIEVEMENTS, record.id)
    assert empty.achievements.count() == 0


def test_with_a_damaged_model_what_is_sent_in_is_kept_and_found_after_the_next_fit(
    opened: Opener, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    [model] = (folder / "models").glob("*/representation.joblib")
    model.write_bytes(b"")
    workspace = opened(folder)
    record = catalogue.add(workspace, ACHIEVEMENTS, offer(**BLOWER))
    demand, code = submit(workspace, need())
    assert "not findable yet" in caplog.text
    assert catalogue.get(workspace, ACHIEVEMENTS, record.id) == record
    assert by_receipt(workspace, code).record == demand
    fit(workspace)
    assert found(workspace, "磁悬浮") == [record.id]


# submission


def test_a_submitted_demand_is_found_by_its_receipt_and_by_achievements(
    workspace: Workspace,
) -> None:
    demand, code = submit(workspace, need(title="磁悬浮风机国产化"))
    kept = by_receipt(workspace, code)
    assert kept.record == demand
    assert kept.created_at.year >= 2020
    assert (kept.version, kept.owner_id) == (1, None)
    record = catalogue.add(workspace, ACHIEVEMENTS, offer(**BLOWER))
    result = match(workspace, MatchRequest(id=record.id))
    assert result.pairings[0].demand == demand


def test_a_receipt_has_120_random_bits_in_groups_that_can_be_read_aloud(
    workspace: Workspace,
) -> None:
    codes = {submit(workspace, need())[1] for _ in range(10)}
    assert len(codes) == 10
    for code in codes:
        assert re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){5}", code)
        assert len(b32decode(code.replace("-", ""))) * 8 == 120


def test_a_receipt_may_be_typed_in_any_case_and_grouping(workspace: Workspace) -> None:
    demand, code = submit(workspace, need())
    bare = code.replace("-", "")
    for typed in (code.lower(), bare, bare.lower(), f"  {code} ", code.replace("-", " ")):
        assert by_receipt(workspace, typed).record == demand


def test_a_receipt_that_is_off_by_one_letter_is_unknown(workspace: Workspace) -> None:
    _, code = submit(workspace, need())
    wrong = ("B" if code[0] == "A" else "A") + code[1:]
    for typed in (wrong, code[:-1], code + "A", "", "-", "中文"):
        with pytest.raises(NotFound):
            by_receipt(workspace, typed)


def test_only_a_hash_of_the_receipt_is_on_the_disk(workspace: Workspace, folder: Path) -> None:
    _, code = submit(workspace, need())
    workspace.save_indexes()
    bare = code.replace("-", "")
    files = [path for path in folder.rglob("*") if path.is_file()]
    content = b"".join(path.read_bytes() for path in files)
    assert hashlib.sha256(bare.encode()).hexdigest().encode() in content
    for secret in (code, bare, code.lower(), bare.lower()):
        assert secret.encode() not in content


def test_a_demand_that_is_replaced_keeps_its_receipt(workspace: Workspace) -> None:
    demand, code = submit(workspace, need())
    catalogue.replace(workspace, DEMANDS, demand.id, need(title="改过"))
    assert by_receipt(workspace, code).record.title == "改过"


def test_the_receipt_of_a_removed_demand_is_unknown(workspace: Workspace) -> None:
    demand, code = submit(workspace, need())
    catalogue.remove(workspace, DEMANDS, demand.id)
    with pytest.raises(NotFound):
        by_receipt(workspace, code)


def test_imported_demands_have_no_receipt(workspace: Workspace) -> None:
    for typed in ("None", ""):
        with pytest.raises(NotFound):
            by_receipt(workspace, typed)


# matching


def test_free_text_stands_for_a_demand_unless_demands_are_looked_for(
    workspace: Workspace,
) -> None:
    for direction in (None, "achievements"):
        result = match(workspace, MatchRequest(text="高氨氮废水", direction=direction))
        assert result.direction == "achievements"
        assert result.pairings[0].achievement.title == achievement_row(1)["title"]
    result = match(workspace, MatchRequest(text="膜曝气去除氨氮", direction="demands"))
    assert result.direction == "demands"
    assert result.pairings[0].demand.title == demand_row(1)["title"]


def test_a_stored_record_is_matched_with_the_other_kind(workspace: Workspace) -> None:
    [demand] = workspace.demands.all()
    result = match(workspace, MatchRequest(id=demand.id))
    assert result.direction == "achievements"
    offer_id = result.pairings[0].achievement.id
    back = match(workspace, MatchRequest(id=offer_id))
    assert back.direction == "demands"
    assert [pairing.demand.id for pairing in back.pairings] == [demand.id]


@pytest.mark.parametrize(
    "request_",
    [MatchRequest(), MatchRequest(text="x", id="y"), MatchRequest(text="", id="")],
    ids=["neither", "both", "both blank"],
)
def test_exactly_one_of_text_and_id_is_given(workspace: Workspace, request_: MatchRequest) -> None:
    with pytest.raises(InvalidQuery, match="id") as refusal:
        match(workspace, request_)
    assert refusal.value.problems[0].field == "text"


@pytest.mark.parametrize("text", ["", "  \n\t", "\u3000"])
@pytest.mark.parametrize("direction", [None, "achievements", "demands"])
def test_blank_text_is_refused(workspace: Workspace, text: str, direction: Any) -> None:
    with pytest.raises(InvalidQuery) as refusal:
        match(workspace, MatchRequest(text=text, direction=direction))
    assert refusal.value.problems[0].field == "text"


def test_a_direction_that_contradicts_the_record_is_refused(workspace: Workspace) -> None:
    [demand] = workspace.demands.all()
    record: Achievement = next(workspace.achievements.all())
    for id_, direction in ((demand.id, "demands"), (record.id, "achievements")):
        with pytest.raises(InvalidQuery) as refusal:
            match(workspace, MatchRequest(id=id_, direction=direction))  # type: ignore[arg-type]
        assert refusal.value.problems[0].field == "direction"


def test_an_id_that_nobody_carries_is_not_found(workspace: Workspace) -> None:
    for id_ in ("nobody", ""):
        with pytest.raises(NotFound):
            match(workspace, MatchRequest(id=id_))


def test_k_and_filters_reach_the_engine(workspace: Workspace) -> None:
    text = "氨氮废水和锂电池黑粉"
    assert len(match(workspace, MatchRequest(text=text)).pairings) == 2
    assert len(match(workspace, MatchRequest(text=text, k=1)).pairings) == 1
    only = Filters(fields=frozenset({"新材料"}))
    [pairing] = match(workspace, MatchRequest(text=text, filters=only)).pairings
    assert pairing.achievement.field == "新材料"
    with pytest.raises(InvalidQuery):
        match(workspace, MatchRequest(text=text, k=101))


def test_before_any_fit_pairings_are_found_and_graded(empty: Workspace) -> None:
    assert match(empty, MatchRequest(text="氨氮")).notice == "成果库为空，请先导入成果。"
    catalogue.add(empty, ACHIEVEMENTS, offer())
    [pairing] = match(empty, MatchRequest(text="高氨氮废水")).pairings
    assert pairing.grading is not None
    with pytest.raises(BundleMissing, match="fit"):
        empty.registry.current()


# fitting


def test_fitting_makes_a_current_bundle_that_knows_what_it_learned_from(
    workspace: Workspace,
) -> None:
    before = workspace.registry.current()
    name = fit(workspace)
    assert name == workspace.registry.current() == workspace.model != before
    figures = workspace.registry.verify(name).figures
    assert (figures["achievements"], figures["demands"]) == (2, 1)
    assert figures["terms"] == len(workspace.matchmaker.representation.vocabulary_)
    assert workspace.matchmaker.representation.document_count_ == 3


def test_fitting_keeps_the_grader(workspace: Workspace) -> None:
    before = workspace.matchmaker.grader
    assert before is not None
    fit(workspace)
    assert_same(workspace.matchmaker.grader, before)


def test_fitting_learns_the_words_that_came_since(workspace: Workspace) -> None:
    catalogue.add(workspace, ACHIEVEMENTS, offer(title="QXZ-77型磁悬浮鼓风机"))
    assert "qxz-77" not in workspace.matchmaker.representation.vocabulary_
    fit(workspace)
    assert "qxz-77" in workspace.matchmaker.representation.vocabulary_


def test_fitting_an_empty_store_gives_a_model_that_can_be_asked(empty: Workspace) -> None:
    fit(empty)
    result = match(empty, MatchRequest(text="高氨氮废水"))
    assert result.pairings == ()
    assert result.notice is not None
    catalogue.add(empty, ACHIEVEMENTS, offer(**BLOWER))
    assert len(found(empty, "磁悬浮")) == 1


def test_fitting_tells_how_far_it_is(workspace: Workspace) -> None:
    told: list[tuple[str, int]] = []

    def track(items: Any, label: str, total: int) -> Any:
        told.append((label, total))
        yield from items

    fit(workspace, track)
    assert told[0] == ("训练", 3)
    assert sorted(total for _, total in told[1:]) == [1, 2]


def test_the_segmenter_of_the_settings_is_the_one_of_the_next_model(
    folder: Path,
) -> None:
    other = open_workspace(Settings(data=folder, segmenter="jieba"))
    name = fit(other)
    assert other.registry.verify(name).runtime.segmenter["name"] == "jieba"
    assert found(other, "高氨氮废水")
    other.close()
