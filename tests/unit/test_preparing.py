"""Files that are looked at before they are imported: columns, previews, starting once."""

import io
import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from api.security.roles import Actor, Role
from api.services import jobs, previewing
from api.services.headers import check_mapping, choices, faults, recognised
from api.services.importing import IMPORT, order, run
from api.services.jobs import JobRunner
from api.services.kinds import ACHIEVEMENTS, DEMANDS
from api.services.preparing import look, map_columns, prepare, start
from api.services.previewing import preview, sample
from api.services.workspace import Workspace
from api.store import Job, State
from api.store.tables import JobRow
from matcher.errors import ImportRejected, InvalidInput
from tests.unit.rows import achievement_row, demand_row, write_csv, write_jsonl

FIRST = Actor(None, "guan.li", Role.administrator, "192.0.2.1")
SECOND = Actor(None, "zhou.lan", Role.administrator, "192.0.2.2")
ODD = {"external_id": "内部号", "title": "技术名", "abstract": "介绍", "provider": "研制方"}
CHOSEN = {"内部号": "external_id", "技术名": "title", "介绍": "abstract", "研制方": "provider"}


def odd(number: int, **changes: Any) -> dict[str, Any]:
    """A row under headers that nobody knows."""
    return {ODD.get(n, n): v for n, v in achievement_row(number, **changes).items()}


def content(tmp_path: Path, rows: list[dict[str, Any]]) -> io.BytesIO:
    return io.BytesIO(write_csv(tmp_path / "sent.csv", rows).read_bytes())


def prepared(space: Workspace, tmp_path: Path, *rows: dict[str, Any]) -> Job:
    given = content(tmp_path, list(rows or [odd(1), odd(2)]))
    return prepare(space, ACHIEVEMENTS, "甲.csv", given, FIRST)


def numbers(space: Workspace, job: Job) -> dict[int, str]:
    """``CHOSEN`` as the form sends it."""
    headers = [column.header for column in look(space, job).preview.columns]
    return {headers.index(name): field for name, field in CHOSEN.items()}


# Which column is what


def test_a_mapping_goes_before_names_and_leaves_other_columns_as_they_are() -> None:
    found = recognised(
        ACHIEVEMENTS, ["title", "名称", "备注"], {"title": "", "备注": "abstract", "无": "field"}
    )
    assert found == {"名称": "title", "备注": "abstract"}


def test_columns_that_are_missing_and_meant_twice_are_told_together() -> None:
    headers = ["编号", "成果名称", "标题"]
    twice, missing = faults(ACHIEVEMENTS, recognised(ACHIEVEMENTS, headers), headers)
    assert "成果名称、标题" in twice
    assert "技术领域（field）" in missing
    assert "编号（" not in missing


def test_a_mapping_to_what_does_not_exist_is_refused() -> None:
    check_mapping(DEMANDS, {"a": "title", "b": ""})
    with pytest.raises(InvalidInput, match="provider"):
        check_mapping(DEMANDS, {"a": "provider"})
    with pytest.raises(InvalidInput, match="500"):
        check_mapping(DEMANDS, {str(n): "" for n in range(501)})


def test_every_field_can_be_chosen_and_the_required_ones_are_marked() -> None:
    required = [choice.field for choice in choices(ACHIEVEMENTS) if choice.is_required]
    assert required == ["external_id", "title", "abstract", "provider", "field"]
    assert len(choices(DEMANDS)) == 17


# The preview


def test_a_preview_names_the_columns_and_shows_the_first_records(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [odd(n, maturity="TRL6") for n in range(1, 6)])
    seen = preview(ACHIEVEMENTS, sample(path), CHOSEN)
    assert seen.faults == seen.troubles == ()
    assert [record.number for record in seen.records] == [2, 3, 4]
    assert getattr(seen.records[0].draft, "maturity") == 6  # noqa: B009 - of one of two kinds
    [column] = [column for column in seen.columns if column.header == "技术名"]
    assert (column.field, column.refused, len(column.cells)) == ("title", 0, 3)
    assert (seen.rows, seen.rows_refused, seen.more) == (5, 0, False)


def test_alike_problems_stand_together_with_their_first_rows(tmp_path: Path) -> None:
    rows = [odd(n, field="炼金术") for n in range(1, 6)] + [odd(6, maturity="十二"), odd(6)]
    seen = preview(ACHIEVEMENTS, sample(write_csv(tmp_path / "a.csv", _even(rows))), CHOSEN)
    first, *others = seen.troubles
    assert (first.column, first.count, first.rows, first.cells) == (
        "技术领域",
        5,
        (2, 3, 4),
        ("炼金术",),
    )
    assert sorted(trouble.column for trouble in others) == ["成熟度"]
    assert seen.rows_refused == 6
    refused = {column.header: column.refused for column in seen.columns}
    assert (refused["field"], refused["maturity"], refused["技术名"]) == (5, 1, 0)


def test_an_id_that_occurs_twice_is_a_problem_of_its_column(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [odd(1), odd(1)])
    seen = preview(ACHIEVEMENTS, sample(path), CHOSEN)
    [trouble] = seen.troubles
    assert (trouble.column, trouble.rows) == ("编号", (3,))
    assert seen.columns[0].refused == 1


def test_without_all_columns_no_row_is_checked(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [odd(1, field="炼金术")])
    seen = preview(ACHIEVEMENTS, sample(path), {})
    assert "成果名称（title）" in seen.faults[0]
    assert seen.records == seen.troubles == ()
    assert [column.field for column in seen.columns[:2]] == ["", ""]


def test_only_the_first_rows_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previewing, "LOOKED_AT", 3)
    rows = [achievement_row(1), achievement_row(2), achievement_row(3)]
    assert not sample(write_csv(tmp_path / "a.csv", rows)).more
    found = sample(write_csv(tmp_path / "b.csv", [*rows, achievement_row(4)]))
    assert (len(found.rows), found.more) == (3, True)


def test_columns_of_later_lines_are_shown_too(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [achievement_row(1), achievement_row(2, 备注="x")])
    assert sample(path).headers[-1] == "备注"


def test_a_file_that_breaks_off_says_so_and_is_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [achievement_row(1)])
    path.write_text(path.read_text("utf-8") + "nonsense\n", "utf-8")
    found = sample(path)
    assert (len(found.rows), "第 2 行" in found.fault) == (1, True)
    assert preview(ACHIEVEMENTS, found, {}).faults == (found.fault,)


def test_names_that_no_form_can_carry_are_left_alone(tmp_path: Path) -> None:
    row = json.dumps(achievement_row(1) | {"x" * 201: 1, "a\0": 1, "备注": 1})
    path = tmp_path / "a.jsonl"
    path.write_text(row.replace('"\\u5907', '"\\ud800": 1, "\\u5907'), "utf-8")
    found = sample(path)
    assert found.headers == (*achievement_row(1), "备注")
    assert preview(ACHIEVEMENTS, found, {}).records


@pytest.mark.parametrize("text", ["", "编号,成果名称\n", '编号\n"'])
def test_a_file_without_a_single_row_is_refused_at_once(empty: Workspace, text: str) -> None:
    given = io.BytesIO(text.encode())
    with pytest.raises(InvalidInput):
        prepare(empty, ACHIEVEMENTS, "a.csv", given, FIRST)
    assert list((empty.folder / "uploads").glob("*")) == []
    assert empty.store.jobs.newest(9) == []


# From the file to the import


def test_a_prepared_file_waits_until_somebody_starts_it(empty: Workspace, tmp_path: Path) -> None:
    job = prepared(empty, tmp_path)
    runner = JobRunner(empty, {IMPORT: run})
    assert not runner.run_next()
    assert not job.is_finished
    assert empty.store.jobs.unfinished() == {job.id}
    assert set(empty.store.jobs.counts().values()) == {0}
    started = start(empty, job, numbers(empty, job), SECOND)
    assert (started.state, started.parameters["who"]) == ("waiting", "zhou.lan")
    assert runner.run_next()
    assert jobs.get(empty, job.id).message == "新增 2 条，更新 0 条，未变 0 条。"
    assert empty.achievements.by_external_id(["A-1"])["A-1"].provider == "沧澜理工大学（示例）"
    [line] = empty.store.audit.page(1)
    assert (line.who, line.address) == ("zhou.lan", "192.0.2.2")


def test_a_file_is_started_once_however_often_that_is_asked(
    empty: Workspace, tmp_path: Path
) -> None:
    job = prepared(empty, tmp_path)
    chosen = numbers(empty, job)
    first = start(empty, job, chosen, FIRST)
    assert start(empty, job, chosen, SECOND).parameters["who"] == "guan.li"  # as seen before
    assert start(empty, first, {0: ""}, SECOND) == first
    assert map_columns(empty, job, {0: ""}).parameters["mapping"] == CHOSEN
    runner = JobRunner(empty, {IMPORT: run})
    assert runner.run_next()
    assert not runner.run_next()


def test_what_was_chosen_is_kept_when_columns_are_missing(empty: Workspace, tmp_path: Path) -> None:
    job = prepared(empty, tmp_path)
    with pytest.raises(InvalidInput, match="完成单位"):
        start(empty, job, {0: "external_id", 1: "title", 2: "abstract"}, FIRST)
    kept = jobs.get(empty, job.id)
    assert kept.state == State.prepared
    assert kept.parameters["mapping"]["技术名"] == "title"
    with pytest.raises(InvalidInput, match="magic"):
        map_columns(empty, kept, {0: "magic"})
    assert map_columns(empty, kept, {99: "field", -1: "field"}).parameters == kept.parameters


def test_the_mapping_of_the_same_columns_is_proposed_again(
    empty: Workspace, tmp_path: Path
) -> None:
    first = prepared(empty, tmp_path)
    assert not look(empty, first).is_proposed
    map_columns(empty, first, numbers(empty, first))
    again = look(empty, prepared(empty, tmp_path, odd(3)))
    assert again.is_proposed
    assert again.preview.faults == ()
    other = look(empty, prepared(empty, tmp_path, odd(3) | {"备注": "x"}))
    assert not other.is_proposed
    need = prepare(empty, DEMANDS, "a.csv", content(tmp_path, [odd(3)]), FIRST)
    assert not look(empty, need).is_proposed


def test_what_is_recognised_anyway_is_not_called_a_proposal(
    empty: Workspace, tmp_path: Path
) -> None:
    first = prepared(empty, tmp_path, achievement_row(1))
    start(empty, first, {0: "external_id"}, FIRST)
    assert not look(empty, prepared(empty, tmp_path, achievement_row(2))).is_proposed


def test_files_that_nobody_starts_go_after_a_day(empty: Workspace, tmp_path: Path) -> None:
    old, new = prepared(empty, tmp_path), prepared(empty, tmp_path)
    with empty.store.writing() as unit:
        then = datetime.now(UTC) - timedelta(hours=25)
        unit.session.execute(update(JobRow).where(JobRow.id == old.id).values(beat_at=then))
    _age(empty)
    jobs.tidy(empty)
    assert [job.id for job in empty.store.jobs.newest(9)] == [new.id]
    assert [path.stem for path in (empty.folder / "uploads").iterdir()] == [new.id]


def test_a_prepared_file_can_be_given_up(empty: Workspace, tmp_path: Path) -> None:
    job = prepared(empty, tmp_path)
    assert jobs.cancel(empty, job.id).state == State.cancelled
    assert list((empty.folder / "uploads").iterdir()) == []
    with pytest.raises(InvalidInput, match="重新上传"):
        look(empty, job)
    assert start(empty, jobs.get(empty, job.id), {}, FIRST).state == State.cancelled


def test_an_import_goes_on_with_its_mapping_after_its_process_died(
    empty: Workspace, tmp_path: Path
) -> None:
    given = content(tmp_path, [odd(1), odd(2)])
    job = order(empty, ACHIEVEMENTS, "a.csv", given, FIRST, mapping=CHOSEN)
    claimed = empty.store.jobs.claim("gone")
    assert claimed == replace(jobs.get(empty, job.id), beat_at=claimed and claimed.beat_at)
    with empty.store.writing() as unit:
        long_ago = datetime.now(UTC) - timedelta(hours=1)
        unit.session.execute(update(JobRow).values(beat_at=long_ago))
    assert JobRunner(empty, {IMPORT: run}).run_next()
    assert jobs.get(empty, job.id).report["added"] == 2


def test_an_order_with_an_impossible_mapping_keeps_nothing(
    empty: Workspace, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput):
        order(empty, DEMANDS, "a.csv", io.BytesIO(b"x"), FIRST, mapping={"a": "magic"})
    assert not (empty.folder / "uploads").exists()


def test_the_wrong_kind_can_be_told_by_its_preview(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "d.csv", [demand_row(1)])
    assert "成果简介" in preview(ACHIEVEMENTS, sample(path), {}).faults[0]
    with pytest.raises(ImportRejected):
        sample(tmp_path / "nothing.csv")


def _age(space: Workspace) -> None:
    for path in (space.folder / "uploads").iterdir():
        os.utime(path, (0, 0))


def _even(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All rows with all columns, and ids of their own."""
    return [{"maturity": ""} | row | {"内部号": f"A-{n}"} for n, row in enumerate(rows)]
