"""Imports as jobs, on both databases: duplicates by content, resumption, all or nothing."""

import io
import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select, update

from api.bootstrap import open_workspace
from api.security.roles import Actor, Role
from api.services import catalogue, importing, jobs, kinds
from api.services.importing import IMPORT, INDEXING, Imported, import_file, order, run
from api.services.job_orders import ordered
from api.services.jobs import ARRANGE, MOST_LOSSES, JobRunner, Work
from api.services.kinds import ACHIEVEMENTS, DEMANDS
from api.services.upkeep import fill_in
from api.services.workspace import Workspace
from api.settings import Settings
from api.store import State
from api.store.tables import AchievementRow, AuditRow, DemandRow, JobRow, StagedRow
from matcher.errors import ImportRejected, InvalidInput, JobStopped
from matcher.values import PENDING
from tests.databases import KINDS as DATABASES
from tests.unit.rows import achievement_row, demand_row, write_csv, write_jsonl

ADMINISTRATOR = Actor("u1", "wang.min", Role.administrator, "192.0.2.1")


@pytest.fixture(params=DATABASES)
def space(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workspace]:
    """No records, no model, on each database in turn."""
    address = ""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        address = server.create("bulk_import")
    opened = open_workspace(Settings(data=tmp_path / "data", database_url=address))
    yield opened
    opened.close()
    if address:
        server.drop("bulk_import")


@pytest.fixture(autouse=True)
def no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is searched is not asked here."""
    monkeypatch.setattr(importing, "_index", lambda *_: None)


def rows_of(space: Workspace, table: type[Any]) -> list[Any]:
    with space.store.database.reading() as session:
        return list(session.scalars(select(table)))


def imported(space: Workspace, path: Path, rows: list[dict[str, Any]], **more: Any) -> Imported:
    return import_file(space, ACHIEVEMENTS, write_jsonl(path, rows), **more)


def queue(space: Workspace, rows: list[dict[str, Any]], tmp_path: Path) -> str:
    content = write_csv(tmp_path / "queued.csv", rows).read_bytes()
    return order(space, ACHIEVEMENTS, "成果.csv", io.BytesIO(content), ADMINISTRATOR).id


def runner(space: Workspace) -> JobRunner:
    return JobRunner(space, {IMPORT: run})


def test_a_row_that_says_what_another_record_says_is_not_stored_again(
    space: Workspace, tmp_path: Path
) -> None:
    imported(space, tmp_path / "a.jsonl", [achievement_row(1)])
    known = space.achievements.by_external_id(["A-1"])["A-1"]
    same = achievement_row(1, external_id="B-1", title=f" {achievement_row(1)['title']}！")
    done = imported(space, tmp_path / "b.jsonl", [same, achievement_row(2)])
    assert (done.added, done.changed, done.unchanged, done.duplicates) == (1, 0, 0, 1)
    assert [asdict(one) for one in done.same_as] == [
        {"row": 1, "external_id": "B-1", "same_as": known.id}
    ]
    assert space.achievements.count() == 2


def test_of_rows_of_one_file_that_say_the_same_the_first_is_stored(
    space: Workspace, tmp_path: Path
) -> None:
    rows = [achievement_row(1, external_id=f"A-{n}") for n in range(1, 5)]
    done = imported(space, tmp_path / "a.jsonl", rows)
    assert (done.added, done.duplicates) == (1, 3)
    [stored] = space.achievements.all()
    assert space.achievements.by_external_id(["A-1"])["A-1"] == stored
    assert {one.same_as for one in done.same_as} == {stored.id}
    again = imported(space, tmp_path / "a.jsonl", rows)
    assert (again.added, again.changed, again.unchanged, again.duplicates) == (0, 0, 1, 3)


def test_duplicates_can_be_kept_and_stay(space: Workspace, tmp_path: Path) -> None:
    rows = [achievement_row(1, external_id=f"A-{n}") for n in (1, 2)]
    done = imported(space, tmp_path / "a.jsonl", rows, keep_duplicates=True)
    assert (done.added, done.duplicates) == (2, 0)
    again = imported(space, tmp_path / "a.jsonl", rows)
    assert (again.unchanged, again.duplicates) == (2, 0)


def test_content_is_compared_with_what_is_there_after_the_file(
    space: Workspace, tmp_path: Path
) -> None:
    first, second = achievement_row(1), achievement_row(2)
    imported(space, tmp_path / "a.jsonl", [first, second])
    swapped = [second | {"external_id": "A-1"}, first | {"external_id": "A-2"}]
    moved = [first | {"external_id": "A-3"}, *swapped[:1]]
    assert imported(space, tmp_path / "b.jsonl", swapped).changed == 2
    assert imported(space, tmp_path / "c.jsonl", moved).duplicates == 1  # A-2 says it now


def test_a_deleted_record_comes_back_under_its_id(space: Workspace, tmp_path: Path) -> None:
    imported(space, tmp_path / "a.jsonl", [achievement_row(1)])
    before = space.achievements.by_external_id(["A-1"])["A-1"]
    catalogue.remove(space, ACHIEVEMENTS, before.id)
    done = imported(space, tmp_path / "a.jsonl", [achievement_row(1)])
    assert (done.added, done.changed, done.unchanged) == (1, 0, 0)
    assert list(space.achievements.all()) == [before]
    assert space.achievements.stored(before.id).version == 3  # type: ignore[union-attr]


def test_a_record_without_external_id_is_found_by_its_own(space: Workspace, tmp_path: Path) -> None:
    draft = ACHIEVEMENTS.draft(
        **{n: v for n, v in achievement_row(1).items() if n != "external_id"}
    )
    mine = catalogue.add(space, ACHIEVEMENTS, draft)
    done = imported(space, tmp_path / "a.jsonl", [achievement_row(1, external_id=mine.id)])
    assert (done.unchanged, space.achievements.count()) == (1, 1)
    done = imported(
        space, tmp_path / "b.jsonl", [achievement_row(1, external_id=mine.id, title="改过")]
    )
    assert (done.changed, space.achievements.count()) == (1, 1)
    assert rows_of(space, AchievementRow)[0].external_id is None


def test_every_column_of_both_kinds_is_what_one_record_at_a_time_would_store(
    space: Workspace, tmp_path: Path
) -> None:
    full = demand_row(
        1,
        maturity_min=6,
        budget=33.333333333333336,
        deadline="2027-06-30",
        confidentiality="brokers",
        industry="制造业",
        title='引号"与\\反斜杠，𠮷😀',
    )
    import_file(space, DEMANDS, write_jsonl(tmp_path / "d.jsonl", [full]))
    imported(space, tmp_path / "a.jsonl", [achievement_row(1, price_min=0.1, ip_kinds="发明专利")])
    for kind, row_type in ((DEMANDS, DemandRow), (ACHIEVEMENTS, AchievementRow)):
        [bulk] = rows_of(space, row_type)
        record = kind.table(space).get(bulk.id)
        assert record is not None
        twin = kind.table(space).mapped.record_from(
            kind.table(space).mapped.columns(record)  # type: ignore[arg-type]
            | {"id": kind.table(space).new_id()}
        )
        with space.store.writing() as unit:
            kind.table(space).put(unit, twin, columns=kind.derived(twin))  # type: ignore[arg-type]
        single = next(row for row in rows_of(space, row_type) if row.id == twin.id)
        own = {"id", "external_id", "stamp", "created_at", "updated_at"}
        names = {column.name for column in row_type.__table__.columns} - own
        assert {n: getattr(bulk, n) for n in names} == {n: getattr(single, n) for n in names}
        assert bulk.stamp == kind.table(space).mapped.columns(record)["stamp"]  # type: ignore[arg-type]


def test_only_what_waits_for_a_review_is_judged_and_never_a_file(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []
    monkeypatch.setattr(kinds, "coach_score", lambda demand: judged.append(demand.id) or 7)
    import_file(space, DEMANDS, write_jsonl(tmp_path / "d.jsonl", [demand_row(1), demand_row(2)]))
    assert (judged, [row.coach for row in rows_of(space, DemandRow)]) == ([], [None, None])
    waiting, _ = (row.id for row in rows_of(space, DemandRow))
    with space.store.database.writing() as session:
        session.execute(update(DemandRow).where(DemandRow.id == waiting).values(state=PENDING))
    assert (fill_in(space), fill_in(space)) == (1, 0)
    assert judged == [waiting]
    assert {row.id: row.coach for row in rows_of(space, DemandRow)}[waiting] == 7


def test_changes_and_one_audit_line_tell_of_what_was_written_and_of_nothing_else(
    space: Workspace, tmp_path: Path
) -> None:
    imported(space, tmp_path / "a.jsonl", [achievement_row(1), achievement_row(2)])
    before = space.store.changes.latest()
    rows = [achievement_row(1), achievement_row(2, title="改过"), achievement_row(3)]
    imported(space, tmp_path / "b.jsonl", rows, actor=ADMINISTRATOR)
    found = space.achievements.by_external_id(["A-2", "A-3"])
    changes = space.store.changes.after(before, 10)
    assert [change.record_id for change in changes] == [found["A-2"].id, found["A-3"].id]
    last = space.store.audit.page(1)[0]
    assert (last.who, last.action, last.details["rows"]) == ("wang.min", "import", 2)


def test_what_was_written_is_looked_up_and_not_joined(space: Workspace, tmp_path: Path) -> None:
    """A database that knows nothing of new rows joined 20,000 with 20,000, for half a minute."""
    told: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        told.extend([statement] if statement.startswith("INSERT INTO changes") else [])

    event.listen(Engine, "before_cursor_execute", note)
    imported(space, tmp_path / "a.jsonl", [achievement_row(1)])
    event.remove(Engine, "before_cursor_execute", note)
    [statement] = told
    assert " JOIN " not in statement
    assert "FROM staged \n" in statement


def test_a_record_that_came_while_rows_were_staged_is_replaced_not_stored_twice(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply, inside = importing._apply, []

    def late(*arguments: Any) -> Imported:
        if not inside:
            inside.append(True)
            imported(space, tmp_path / "other.jsonl", [achievement_row(1, title="先到")])
        return apply(*arguments)

    monkeypatch.setattr(importing, "_apply", late)
    done = imported(space, tmp_path / "a.jsonl", [achievement_row(1)])
    assert (done.added, done.changed) == (0, 1)
    [stored] = space.achievements.all()
    assert stored.title == achievement_row(1)["title"]
    assert rows_of(space, AchievementRow)[0].stamp == space.achievements.stamps()[stored.id]


def test_a_queued_import_is_carried_out_and_leaves_nothing_behind(
    space: Workspace, tmp_path: Path
) -> None:
    id_ = queue(space, [achievement_row(n) for n in range(1, 4)], tmp_path)
    assert space.uploads.path(f"{id_}.csv").is_file()
    assert runner(space).run_next()
    job = jobs.get(space, id_)
    assert (job.state, job.report["added"]) == (State.done, 3)
    assert "新增 3 条" in job.message
    assert rows_of(space, StagedRow) == []
    assert not space.uploads.path(f"{id_}.csv").exists()
    assert not runner(space).run_next()
    assert rows_of(space, AuditRow)[-1].address == "192.0.2.1"


def test_a_refused_file_fails_with_its_cells_and_changes_nothing(
    space: Workspace, tmp_path: Path
) -> None:
    rows = [achievement_row(n) for n in range(1, 1500)] + [achievement_row(1500, field="炼金术")]
    id_ = queue(space, rows, tmp_path)
    runner(space).run_next()
    job = jobs.get(space, id_)
    assert job.state == State.failed
    assert "1 行" in job.message
    assert [(p["row"], p["column"]) for p in job.report["problems"]] == [(1501, "技术领域")]
    assert (space.achievements.count(), rows_of(space, StagedRow)) == (0, [])


def lose(space: Workspace, id_: str, **values: Any) -> None:
    """As if the process of a job had died a while ago."""
    ago = datetime.now(UTC) - timedelta(seconds=31)
    with space.store.writing() as unit:
        mine = update(JobRow).where(JobRow.id == id_)
        unit.session.execute(mine.values(beat_at=ago, **values))


class Killed(BaseException):
    """Where a process dies, it tidies nothing up."""


@pytest.mark.parametrize("step", ["_staged", "_apply", "_index"])
def test_a_lost_import_is_taken_over_and_goes_on_where_it_was(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    id_ = queue(space, [achievement_row(n) for n in range(1, 2501)], tmp_path)
    original, calls = getattr(importing, step), []

    def dying(*arguments: Any) -> Any:
        calls.append(len(arguments[-1]) if step == "_staged" else 0)
        if len(calls) == (2 if step == "_staged" else 1):
            raise Killed
        return original(*arguments)

    monkeypatch.setattr(importing, step, dying)
    with pytest.raises(Killed):
        runner(space).run_next()
    assert not runner(space).run_next(), "it may still be alive"
    if step != "_index":
        assert space.achievements.count() == 0
    lose(space, id_)
    assert runner(space).run_next()
    job = jobs.get(space, id_)
    assert (job.state, job.report["added"]) == (State.done, 2500)
    assert space.achievements.count() == 2500
    assert len(space.store.changes.after(0, 9999)) == 2500
    if step == "_staged":
        assert sum(calls[2:]) == 1500, "what was staged is not checked again"


def test_a_resumed_check_still_knows_ids_that_come_twice(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [achievement_row(n) for n in range(1, 2500)] + [achievement_row(7, title="又一次")]
    id_ = queue(space, rows, tmp_path)
    original, calls = importing._staged, []

    def dying(*arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise Killed
        return original(*arguments)

    monkeypatch.setattr(importing, "_staged", dying)
    with pytest.raises(Killed):
        runner(space).run_next()
    lose(space, id_)
    runner(space).run_next()
    [problem] = jobs.get(space, id_).report["problems"]
    assert "第 8 行重复" in problem["reason"]


def test_a_cancelled_import_leaves_the_library_as_it_was(space: Workspace, tmp_path: Path) -> None:
    waiting = queue(space, [achievement_row(1)], tmp_path)
    assert jobs.cancel(space, waiting).state == State.cancelled
    assert not space.uploads.path(f"{waiting}.csv").exists()
    id_ = queue(space, [achievement_row(1)], tmp_path)
    job = space.store.jobs.claim("somebody")
    assert job is not None
    assert jobs.cancel(space, id_).state == State.stopping
    with pytest.raises(JobStopped):
        run(space, Work(space.store.jobs, job))
    assert space.achievements.count() == 0
    lose(space, id_)
    runner(space).run_next()
    assert jobs.get(space, id_).state == State.cancelled
    assert (rows_of(space, StagedRow), space.achievements.count()) == ([], 0)


def test_what_has_ended_cannot_be_cancelled(space: Workspace, tmp_path: Path) -> None:
    id_ = queue(space, [achievement_row(1)], tmp_path)
    runner(space).run_next()
    assert jobs.cancel(space, id_).state == State.done
    assert space.achievements.count() == 1


def test_whoever_lost_a_job_can_neither_apply_nor_end_it(space: Workspace, tmp_path: Path) -> None:
    id_ = queue(space, [achievement_row(1)], tmp_path)
    slow = space.store.jobs.claim("slow")
    lose(space, id_)
    assert space.store.jobs.claim("quick") is not None
    assert slow is not None
    with pytest.raises(JobStopped):
        run(space, Work(space.store.jobs, slow))
    jobs.conclude(space, slow, State.failed, "", {})
    assert jobs.get(space, id_).state == State.running
    assert not space.store.jobs.beat(slow)


def test_the_oldest_job_is_claimed_first_and_by_one_worker_only(
    space: Workspace, tmp_path: Path
) -> None:
    first, second = (queue(space, [achievement_row(n)], tmp_path) for n in (1, 2))
    claimed = [space.store.jobs.claim(f"worker {n}") for n in range(3)]
    assert [job and job.id for job in claimed] == [first, second, None]


def test_a_job_that_a_closing_server_leaves_waits_for_the_next(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = queue(space, [achievement_row(n) for n in range(1, 4)], tmp_path)
    leaving = runner(space)
    original = importing._apply

    def closing(*arguments: Any) -> Imported:
        leaving._ending.set()
        leaving._work.stop()  # type: ignore[union-attr]
        return original(*arguments)

    monkeypatch.setattr(importing, "_apply", closing)
    leaving.run_next()
    assert jobs.get(space, id_).state == State.waiting
    assert len(rows_of(space, StagedRow)) == 3
    monkeypatch.setattr(importing, "_apply", original)
    runner(space).run_next()
    assert (jobs.get(space, id_).state, space.achievements.count()) == (State.done, 3)


def test_an_import_that_died_in_the_terminal_ends_without_a_trace(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "conclude", lambda *_: None)
    monkeypatch.setattr(importing, "_apply", lambda *_: (_ for _ in ()).throw(Killed()))
    with pytest.raises(Killed):
        imported(space, tmp_path / "a.jsonl", [achievement_row(1)])
    [job] = space.store.jobs.newest(5)
    assert (job.state, len(rows_of(space, StagedRow))) == (State.running, 1)
    lose(space, job.id)
    runner(space).run_next()
    after = jobs.get(space, job.id)
    assert (after.state, rows_of(space, StagedRow)) == (State.failed, [])
    assert "重新导入" in after.message


def killed(space: Workspace, id_: str, times: int, **values: Any) -> None:
    """One process after the other dies of the job."""
    for _ in range(times):
        with pytest.raises(Killed):
            runner(space).run_next()
        lose(space, id_, **values)


def dies(*_: object) -> None:
    raise Killed


@pytest.mark.parametrize("step", ["read_rows", "_apply"])
def test_an_import_that_kills_every_process_fails_in_the_end_and_leaves_nothing(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    id_ = queue(space, [achievement_row(n) for n in range(1, 4)], tmp_path)
    other = queue(space, [achievement_row(9)], tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(importing, step, dies)
        killed(space, id_, MOST_LOSSES)
        before = jobs.get(space, id_)
        assert (before.state, before.losses) == (State.running, MOST_LOSSES - 1)
        assert runner(space).run_next()
    after = jobs.get(space, id_)
    assert (after.state, after.losses, dict(after.report)) == (State.failed, MOST_LOSSES, {})
    assert "中断了 5 次，已停止，没有导入任何内容" in after.message
    assert (space.achievements.count(), rows_of(space, StagedRow)) == (0, [])
    assert (rows_of(space, AuditRow), space.store.changes.latest()) == ([], 0)
    assert not space.uploads.path(f"{id_}.csv").exists()
    assert runner(space).run_next()
    assert jobs.get(space, other).state == State.done, "the others have their turn"
    assert not runner(space).run_next()


def test_an_import_that_ends_well_at_the_last_attempt_is_an_ordinary_one(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = queue(space, [achievement_row(1)], tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(importing, "_apply", dies)
        killed(space, id_, MOST_LOSSES - 1)
    assert runner(space).run_next()
    after = jobs.get(space, id_)
    assert (after.state, after.report["added"], after.losses) == (State.done, 1, MOST_LOSSES - 1)


def test_an_import_of_which_all_is_stored_is_done_even_if_its_index_kills(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = queue(space, [achievement_row(n) for n in range(1, 4)], tmp_path)
    monkeypatch.setattr(importing, "_index", dies)
    killed(space, id_, MOST_LOSSES)
    assert runner(space).run_next()
    after = jobs.get(space, id_)
    assert (after.state, after.report["added"]) == (State.done, 3)
    assert "新增 3 条" in after.message
    assert (space.achievements.count(), rows_of(space, StagedRow)) == (3, [])


def test_a_cancelled_job_that_kills_every_process_ends_as_cancelled(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = queue(space, [achievement_row(1)], tmp_path)
    monkeypatch.setattr(importing, "read_rows", dies)  # before it can hear that it is to stop
    killed(space, id_, MOST_LOSSES, state=State.stopping)
    assert runner(space).run_next()
    after = jobs.get(space, id_)
    assert (after.state, after.message) == (State.cancelled, str(JobStopped()))
    assert not space.uploads.path(f"{id_}.csv").exists()


def test_a_server_that_closes_as_often_as_it_likes_costs_no_import_its_life(
    space: Workspace, tmp_path: Path
) -> None:
    id_ = queue(space, [achievement_row(1)], tmp_path)
    for n in range(2 * MOST_LOSSES):
        job = space.store.jobs.claim(f"worker {n}")
        assert job is not None
        space.store.jobs.release(job)
    assert jobs.get(space, id_).losses == 0
    assert runner(space).run_next()
    assert jobs.get(space, id_).state == State.done


def test_an_arrangement_that_kills_every_process_says_what_to_do(space: Workspace) -> None:
    job = ordered(space.store.jobs.new_id(), ARRANGE, ADMINISTRATOR, {"day": "d1", "name": "日"})
    with space.store.writing() as unit:
        space.store.jobs.add(unit, job)
    lose(space, job.id, state=State.running, losses=MOST_LOSSES - 1)
    assert JobRunner(space, {ARRANGE: dies}).run_next()
    after = jobs.get(space, job.id, ARRANGE)
    assert after.state == State.failed
    assert "重新排期" in after.message


def test_rows_of_earlier_versions_get_what_they_lack(space: Workspace, tmp_path: Path) -> None:
    import_file(space, DEMANDS, write_jsonl(tmp_path / "d.jsonl", [demand_row(1), demand_row(2)]))
    imported(space, tmp_path / "a.jsonl", [achievement_row(1)])
    before = [(r.fingerprint, r.public_title) for r in rows_of(space, DemandRow)]
    with space.store.writing() as unit:
        unit.session.execute(update(DemandRow).values(fingerprint=None, public_title=None))
        unit.session.execute(update(AchievementRow).values(fingerprint=None))
    changes = space.store.changes.latest()
    same = achievement_row(1, external_id="B-1")
    assert imported(space, tmp_path / "b.jsonl", [same]).duplicates == 1  # filled in before
    assert fill_in(space) == 0
    assert [(r.fingerprint, r.public_title) for r in rows_of(space, DemandRow)] == before
    assert space.store.changes.latest() == changes


def test_files_are_refused_by_kind_and_by_size_and_kept_under_names_of_ours(
    space: Workspace,
) -> None:
    def sent(name: str, content: bytes) -> str:
        return order(space, ACHIEVEMENTS, name, io.BytesIO(content), ADMINISTRATOR).id

    for name in ("a.exe", "csv", "", "a.csv.zip"):
        with pytest.raises(InvalidInput, match="CSV"):
            sent(name, b"x")
    with pytest.raises(InvalidInput, match="选择"):
        sent("a.csv", b"")
    space.uploads.largest = 10
    with pytest.raises(InvalidInput, match="MB"):
        sent("a.csv", b"x" * 11)
    assert [job.id for job in space.store.jobs.newest(9)] == []
    id_ = sent("../../etc/..\\evil.CSV", b"x")
    folder = space.folder / "uploads"
    assert [path.name for path in folder.iterdir()] == [f"{id_}.csv"]
    assert jobs.get(space, id_).parameters["name"] == "evil.CSV"


def test_old_jobs_and_files_that_nobody_needs_are_tidied_away(
    space: Workspace, tmp_path: Path
) -> None:
    kept = queue(space, [achievement_row(1)], tmp_path)
    old = queue(space, [achievement_row(2)], tmp_path)
    jobs.cancel(space, old)
    lose(space, old, finished_at=datetime.now(UTC) - timedelta(days=91))
    uploads = space.folder / "uploads"
    (uploads / "jgone.csv").write_bytes(b"x")
    for path in uploads.iterdir():
        os.utime(path, (0, 0))
    (uploads / "jcoming.csv").write_bytes(b"x")  # its job will be noted when all of it is here
    jobs.tidy(space)
    assert {path.stem for path in uploads.iterdir()} == {kept, "jcoming"}
    assert [job.id for job in space.store.jobs.newest(9)] == [kept]


def test_a_resumed_index_step_needs_no_file(space: Workspace, tmp_path: Path) -> None:
    id_ = queue(space, [achievement_row(1)], tmp_path)
    runner(space).run_next()
    report = dict(jobs.get(space, id_).report)
    lose(space, id_, state=State.running, step=INDEXING, finished_at=None)
    runner(space).run_next()
    assert dict(jobs.get(space, id_).report) == report
    other = queue(space, [achievement_row(2)], tmp_path)
    job = space.store.jobs.claim("w")
    space.uploads.remove(f"{other}.csv")
    assert job is not None
    with pytest.raises(ImportRejected):
        run(space, Work(space.store.jobs, job))
