"""Every command: its help, its answers, its exit codes."""

import inspect
import json
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from math import log2
from pathlib import Path

import pytest
import typer

from api.bootstrap import open_workspace
from api.cli import main
from api.store import Job, State
from tests.databases import Folders
from tests.journey.conftest import Hongniang
from tests.unit.labelled import labelled, write_collection
from tests.unit.rows import achievement_row, demand_row, write_csv, write_jsonl, write_xlsx

ROOT = Path(__file__).parents[2]
HAN = re.compile(r"[\u4e00-\u9fff]")


def commands(group: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in getattr(group, "commands", {}).items():
        yield (*path, name)
        yield from commands(command, (*path, name))


ALL = list(commands(typer.main.get_command(main.app)))
LEAVES = [path for path in ALL if not any(path == longer[:-1] for longer in ALL)]


def test_these_are_the_commands() -> None:
    assert sorted(" ".join(path) for path in LEAVES) == [
        "backup",
        "demo",
        "doctor",
        "evaluate",
        "fit",
        "import",
        "jobs",
        "mail test",
        "match",
        "models list",
        "models rollback",
        "models use",
        "models verify",
        "pairs",
        "report",
        "restore",
        "schedule",
        "serve",
        "train grader",
        "users add",
        "users disable",
        "users email",
        "users enable",
        "users list",
        "users password",
    ]


@pytest.mark.parametrize("path", [(), *ALL], ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_is_chinese(hongniang: Hongniang, path: tuple[str, ...], option: str) -> None:
    answer = hongniang(*path, option)
    assert answer.code == 0
    assert HAN.search(answer.out)
    assert answer.err == ""


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_help_gives_an_example_of_the_command_itself(
    hongniang: Hongniang, path: tuple[str, ...]
) -> None:
    [example] = re.findall(r"^\s*Example: (.+)$", hongniang(*path, "--help").out, re.MULTILINE)
    assert shlex.split(example)[: 1 + len(path)] == ["hongniang", *path]


@pytest.mark.parametrize("path", [(), ("match",), ("models", "list")], ids=" ".join)
def test_help_loads_none_of_the_heavy_libraries(path: tuple[str, ...]) -> None:
    script = (
        "import sys\n"
        "from api.cli.main import run\n"
        "try: run()\n"
        "except SystemExit as exit_: assert exit_.code == 0\n"
        "print('\\n', *sys.modules)\n"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script, *path, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    ).stdout.splitlines()
    loaded = {name.partition(".")[0] for name in printed[-1].split()}
    assert "typer" in loaded
    heavy = {"sklearn", "numpy", "scipy", "sqlalchemy", "fastapi", "alembic", "joblib", "uvicorn"}
    assert heavy.isdisjoint(loaded)


def test_jobs_in_every_state_are_listed(
    hongniang: Hongniang, folders: Folders, tmp_path: Path
) -> None:
    space = open_workspace(folders.settings(tmp_path / "new"))
    now = datetime.now(UTC)
    first = Job(
        "j0", "import", "", None, {"kind": "demands", "name": "甲.csv"}, "", 0, None, "", {},
        None, now, now, None,
    )  # fmt: skip
    with space.store.writing() as unit:
        for number, state in enumerate(State):
            space.store.jobs.add(unit, replace(first, id=f"j{number}", state=state.value))
    space.close()
    listed = hongniang("jobs").out.splitlines()
    assert [line.split()[1] for line in listed] == [
        "已取消", "未完成", "已完成", "正在取消", "进行中", "等待中", "待开始",
    ]  # fmt: skip


# exit codes


def test_the_exit_codes_are_those_of_the_docstring() -> None:
    told = inspect.getdoc(main).rpartition("Exit codes:")[2]
    assert re.findall(r"\b(\d+) ", told) == ["0", "2", "3", "4", "5", "6", "7", "130"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["match", "--nonsense"],
        ["match"],
        ["match", "--text", "x", "--demand", "y"],
        ["match", "--demand", "x", "--achievement", "y"],
        ["match", "--text", "氨氮", "-k", "many"],
        ["import", "policies", "x.csv"],
        ["import", "achievements"],
        ["evaluate", "no-such-folder", "--split", "dev"],
        ["evaluate", "."],
        ["train"],
        ["train", "grader"],
        ["serve", "--port", "http"],
        ["models", "use"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2(hongniang: Hongniang, arguments: list[str]) -> None:
    answer = hongniang(*arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--text", "氨氮", "-k", "0"],
        ["--text", "氨氮", "-k", "101"],
        ["--text", "  "],
        ["--text", "氨" * 20_001],
        ["--text", "氨氮", "--field", "炼金术"],
        ["--text", "氨氮", "--mode", "赠送"],
        ["--text", "氨氮", "--maturity-min", "10"],
        ["--text", "氨氮", "--maturity-min", "7", "--maturity-max", "3"],
        ["--text", "氨氮", "--date-to", "2027-06-30"],
    ],
    ids=lambda arguments: " ".join(arguments)[:40],
)
def test_questions_that_cannot_be_answered_are_2(
    hongniang: Hongniang, prepared: Path, arguments: list[str]
) -> None:
    answer = hongniang("match", *arguments, data=prepared)
    assert answer.code == 2
    assert answer.err.startswith("错误：")


@pytest.mark.parametrize(
    ("variable", "value"), [("PORT", "http"), ("PORT", "99999"), ("SEGMENTER", "pkuseg")]
)
def test_a_setting_that_cannot_be_is_2_and_named(
    hongniang: Hongniang, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(f"HONGNIANG_{variable}", value)
    answer = hongniang("doctor")
    assert answer.code == 2
    assert f"HONGNIANG_{variable}" in answer.err


def test_a_database_of_an_unknown_kind_is_2_and_its_password_is_not_shown(
    hongniang: Hongniang, monkeypatch: pytest.MonkeyPatch, folders: Folders
) -> None:
    given = {"HONGNIANG_DATABASE_URL": "mysql://u:geheim@db/x"}
    monkeypatch.setattr(folders, "environment", lambda _data: given)
    answer = hongniang("doctor")
    assert answer.code == 2
    assert "postgresql://" in answer.err
    assert "geheim" not in answer.err + answer.out


@pytest.mark.parametrize("option", ["--demand", "--achievement"])
def test_a_record_that_nobody_knows_is_3(hongniang: Hongniang, prepared: Path, option: str) -> None:
    answer = hongniang("match", option, "nobody", data=prepared)
    assert answer.code == 3
    assert "nobody" in answer.err


def test_a_refused_file_is_4_with_its_problems_by_row_on_standard_error(
    hongniang: Hongniang, tmp_path: Path
) -> None:
    rows = [
        achievement_row(1, maturity=""),
        achievement_row(2, maturity="十二", field="炼金术"),
        achievement_row(1, maturity="6"),
    ]
    answer = hongniang("import", "achievements", write_csv(tmp_path / "a.csv", rows), "--json")
    assert (answer.code, answer.out) == (4, "")
    lines = [line.strip() for line in answer.err.splitlines() if line.strip()]
    assert lines[0].startswith("错误：")
    assert len(lines) == 4
    for row, cell in ((3, "成熟度“十二”"), (3, "技术领域“炼金术”"), (4, "external_id“A-1”")):
        assert [line for line in lines if f"第 {row} 行" in line and cell in line]


@pytest.mark.parametrize("name", ["missing.csv", "table.pdf", "empty.csv", "junk.xlsx"])
def test_a_file_that_cannot_be_read_is_4(hongniang: Hongniang, tmp_path: Path, name: str) -> None:
    if not name.startswith("missing"):
        (tmp_path / name).write_bytes(b"")
    assert hongniang("import", "demands", tmp_path / name).code == 4


@pytest.mark.parametrize(
    "arguments",
    [
        ["models", "verify"],
        ["models", "verify", "nobody"],
        ["models", "use", "../models"],
        ["models", "use", ""],
        ["models", "rollback"],
    ],
    ids=" ".join,
)
def test_a_model_that_is_not_there_is_5(hongniang: Hongniang, arguments: list[str]) -> None:
    assert hongniang(*arguments).code == 5


def test_before_any_model_was_fitted_matching_uses_the_one_that_ships(
    hongniang: Hongniang, tmp_path: Path
) -> None:
    empty = hongniang("match", "--text", "氨氮", "--json")
    assert (empty.code, empty.json["model"], empty.json["pairings"]) == (0, "default", [])
    assert "库为空" in empty.json["notice"]
    path = write_jsonl(tmp_path / "a.jsonl", [achievement_row(1)])
    assert hongniang("import", "achievements", path).code == 0
    answer = hongniang("match", "--text", achievement_row(1)["title"], "--json").json
    assert answer["model"] == "default"
    assert [p["achievement"]["title"] for p in answer["pairings"]] == [achievement_row(1)["title"]]
    assert answer["pairings"][0]["grading"]["grade"] in {1, 2, 3, 4}
    assert hongniang("models", "verify").code == 5
    assert hongniang("models", "list", "--json").json == []


def damage(data: Path) -> str:
    [model] = (data / "models").glob("*/representation.joblib")
    model.write_bytes(model.read_bytes()[:-1])
    return model.parent.name


@pytest.mark.parametrize(
    "arguments",
    [["match", "--text", "氨氮"], ["models", "verify"], ["serve", "--port", "0"]],
    ids=" ".join,
)
def test_a_damaged_model_is_5_and_named(
    hongniang: Hongniang, data: Path, arguments: list[str]
) -> None:
    name = damage(data)
    answer = hongniang(*arguments, data=data)
    assert answer.code == 5
    assert name in answer.err


@pytest.mark.parametrize("arguments", [["fit"], ["demo"], ["models", "list"]], ids=" ".join)
def test_a_data_folder_that_cannot_be_is_6(
    hongniang: Hongniang, tmp_path: Path, arguments: list[str]
) -> None:
    (tmp_path / "file").write_text("")
    answer = hongniang(*arguments, data=tmp_path / "file" / "data")
    assert answer.code == 6
    assert "HONGNIANG_DATA" in answer.err


def test_a_port_in_use_is_6_before_anything_is_prepared(
    hongniang: Hongniang, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        answer = hongniang("serve", "--port", port, "--demo", data=tmp_path / "untouched")
    assert answer.code == 6
    assert str(port) in answer.err
    assert not (tmp_path / "untouched").exists()


def test_a_port_that_cannot_be_is_refused_in_a_sentence(tmp_path: Path) -> None:
    script = "from api.cli.main import run; run()"
    ended = subprocess.run(  # a process of its own: a socket that is left open fails other tests
        [sys.executable, "-c", script, "serve", "--port", "65536"],
        cwd=ROOT,
        env=os.environ | {"HONGNIANG_DATA": str(tmp_path / "data"), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode in (2, 6)
    assert "--port" in ended.stderr
    assert "65535" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])
def test_other_machines_are_not_served_unless_names_for_it_are_known(
    hongniang: Hongniang, host: str
) -> None:
    answer = hongniang("serve", "--host", host, "--port", "0")
    assert answer.code == 6
    assert "HONGNIANG_HOSTS" in answer.err


def test_a_finding_of_the_doctor_is_7(hongniang: Hongniang) -> None:
    answer = hongniang("doctor")
    assert answer.code == 7
    assert "✗ 模型" in answer.out
    assert "✓ 数据库" in answer.out


# answers


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "xlsx"])
def test_a_file_is_imported_whatever_its_kind(
    hongniang: Hongniang, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"demands.{suffix}"
    rows = [demand_row(n, 备注="x") for n in (1, 2)]
    if suffix == "xlsx":
        write_xlsx(path, [list(rows[0]), *(list(row.values()) for row in rows)])
    else:
        {"csv": write_csv, "jsonl": write_jsonl}[suffix](path, rows)
    assert hongniang("import", "demands", path, "--json").json == {
        "added": 2,
        "changed": 0,
        "unchanged": 0,
        "duplicates": 0,
        "same_as": [],
        "ignored": ["备注"],
    }
    again = hongniang("import", "demands", path)
    assert again.code == 0
    assert "未变 2 条" in again.out
    assert "备注" in again.out


def test_matching_prints_a_table_with_reasons(hongniang: Hongniang, prepared: Path) -> None:
    answer = hongniang("match", "--text", "印染废水色度高、COD 难达标", "-k", "2", data=prepared)
    assert answer.code == 0
    assert "理由" in answer.out
    assert "印染废水" in answer.out
    assert "等级" in answer.out
    grades = re.findall(r"^ *[12] +(\S+) ", answer.out, re.MULTILINE)
    assert len(grades) == 2
    assert set(grades) <= {"强相关", "较强相关", "弱相关", "无相关"}
    assert len(re.findall(r"^ +0\.\d{2} ", answer.out, re.MULTILINE)) == 2
    shares = [int(share) for share in re.findall(r"(?:可能性约|合占相似度的) (\d+)%", answer.out)]
    assert len(shares) == 4
    assert all(0 <= share <= 100 for share in shares)
    assert answer.err == ""


def test_the_table_shows_claims_and_objections(hongniang: Hongniang, prepared: Path) -> None:
    text = "出水氨氮低于 5 mg/L，COD 去除率不低于 90%，含氟废水，吨水成本不超过 2 元"
    question = ("match", "--text", text, "-k", "5")
    pairings = hongniang(*question, "--json", data=prepared).json["pairings"]
    answer = hongniang(*question, data=prepared)
    assert answer.err == ""
    flat = re.sub(r"\s", "", answer.out)
    marks = {"met": "✓", "unmet": "✗", "unknown": "？"}
    claims = [c for p in pairings for c in p["reason"]["claims"] if c["claimed"]]
    assert claims
    for claim in claims:
        line = f"{marks[claim['verdict']]} {claim['property']}：{claim['required']}"
        assert re.sub(r"\s", "", f"{line} / {claim['claimed']}") in flat
    objections = [objection for p in pairings for objection in p["reason"]["against"]]
    assert objections
    assert all(re.sub(r"\s", "", f"△ {objection}") in flat for objection in objections)


def test_a_weak_answer_says_so_above_its_table(hongniang: Hongniang, prepared: Path) -> None:
    question = ("match", "--text", "如何提高母猪产仔数")
    answer = hongniang(*question, "--json", data=prepared).json
    assert answer["weak"]
    assert len(answer["pairings"]) == 10
    table = hongniang(*question, data=prepared)
    assert table.code == 0
    assert table.out.startswith(answer["notice"])


def test_matching_in_json_gives_the_same_pairings_as_the_table(
    hongniang: Hongniang, prepared: Path
) -> None:
    question = ("match", "--text", "印染废水色度高、COD 难达标", "-k", "3")
    answer = hongniang(*question, "--json", data=prepared).json
    assert answer["direction"] == "achievements"
    assert [pairing["rank"] for pairing in answer["pairings"]] == [1, 2, 3]
    table = hongniang(*question, data=prepared).out
    for pairing in answer["pairings"]:
        shares = [phrase["share"] for phrase in pairing["reason"]["phrases"]]
        assert sum(shares) == pytest.approx(pairing["score"], abs=1e-4)
        assert pairing["achievement"]["id"] in table
        assert f"{pairing['score']:.2f}" in table
        assert pairing["grading"]["name"] in table
        assert pairing["demand"] is None


def test_stored_records_are_matched_in_both_directions(
    hongniang: Hongniang, prepared: Path
) -> None:
    ask = ["match", "--text", "轴承套圈外观检测", "--json", "-k", "1"]
    [pairing] = hongniang(*ask, data=prepared).json["pairings"]
    offer = pairing["achievement"]["id"]
    back = hongniang("match", "--achievement", offer, "--json", data=prepared).json
    assert back["direction"] == "demands"
    assert len(back["pairings"]) == 10
    need = back["pairings"][0]["demand"]["id"]
    forth = hongniang("match", "--demand", need, "--json", "-k", "100", data=prepared).json
    assert forth["direction"] == "achievements"
    [same] = [p for p in forth["pairings"] if p["achievement"]["id"] == offer]
    # The score counts which words of the query are covered, so it depends on who asks.
    for name in ("claims", "against"):
        assert same["reason"][name] == back["pairings"][0]["reason"][name]


def test_an_id_given_as_the_wrong_kind_is_2(hongniang: Hongniang, prepared: Path) -> None:
    ask = ["match", "--text", "轴承套圈外观检测", "--json", "-k", "1"]
    [pairing] = hongniang(*ask, data=prepared).json["pairings"]
    answer = hongniang("match", "--demand", pairing["achievement"]["id"], data=prepared)
    assert answer.code == 2


def test_filters_narrow_the_answer(hongniang: Hongniang, prepared: Path) -> None:
    def found(*filters: str) -> list[dict[str, object]]:
        answer = hongniang(
            "match", "--text", "废水处理", "-k", "100", "--json", *filters, data=prepared
        )
        return [pairing["achievement"] for pairing in answer.json["pairings"]]

    everything = found()
    fields = {offer["field"] for offer in found("--field", "资源与环境", "--field", "新材料")}
    assert fields == {"资源与环境", "新材料"} < {offer["field"] for offer in everything}
    assert {str(offer["region"])[:2] for offer in found("--region", "江苏")} == {"江苏"}
    provider = str(everything[0]["provider"])
    assert {offer["provider"] for offer in found("--provider", provider)} == {provider}
    assert all("技术许可" in offer["cooperation_modes"] for offer in found("--mode", "技术许可"))
    band = found("--maturity-min", "4", "--maturity-max", "5")
    assert {offer["maturity"] for offer in band} == {4, 5}


def test_words_that_the_library_does_not_know_are_told(
    hongniang: Hongniang, prepared: Path
) -> None:
    answer = hongniang("match", "--text", "QXZZY9 磁悬浮", data=prepared)
    assert answer.code == 0
    assert "QXZZY9".lower() in answer.out.lower()


def test_an_empty_answer_says_why(hongniang: Hongniang, prepared: Path) -> None:
    answer = hongniang("match", "--text", "qqqq", data=prepared)
    assert answer.code == 0
    assert HAN.search(answer.out)
    assert hongniang("match", "--text", "qqqq", "--json", data=prepared).json["notice"]


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Five documents that share with the query more characters, the better they are placed."""
    home = tmp_path / "beir"
    (home / "qrels").mkdir(parents=True)
    documents = ["钙钛矿叠层", "钙钛矿", "钙钛", "钙", "光伏"]
    write_jsonl(
        home / "corpus.jsonl", [{"_id": f"d{n}", "title": t} for n, t in enumerate(documents)]
    )
    write_jsonl(home / "queries.jsonl", [{"_id": "q", "title": "钙钛矿叠层"}])
    grades = "".join(f"q\td{n}\t{grade}\n" for n, grade in enumerate([1, 3, 0, 2, 2]))
    (home / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\n" + grades)
    return home


def test_evaluation_gives_the_figures_worked_out_by_hand(
    hongniang: Hongniang, collection: Path
) -> None:
    # Ranked d0 d1 d2 d3 and, only where all judged documents are ranked, d4.
    ideal = 7 + 3 / log2(3) + 3 / log2(4) + 1 / log2(5)
    four = 1 + 7 / log2(3) + 3 / log2(5)
    report = hongniang("evaluate", collection, "--split", "dev", "--json").json
    assert report["ndcg@10"] == round(four / ideal, 4)
    assert (report["p@5"], report["mrr@10"]) == (0.4, 1.0)
    assert (report["recall@1"], report["recall@10"]) == (0.25, 0.75)
    assert report["spearman"] == 0.0  # grades 1 3 0 2 for scores falling: sum of products is 0
    judged = hongniang("evaluate", collection, "--split", "dev", "--judged", "--json").json
    assert judged["ndcg@10"] == round((four + 3 / log2(6)) / ideal, 4)
    assert (judged["p@5"], judged["recall@10"]) == (0.6, 1.0)
    assert (judged["queries"], judged["queries_graded"]) == (1, 1)


def test_evaluation_for_people_shows_absent_figures_as_a_dash(
    hongniang: Hongniang, collection: Path
) -> None:
    (collection / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\nq\td0\t1\n")
    answer = hongniang("evaluate", collection, "--split", "dev", "--judged")
    assert answer.code == 0
    figures = dict(line.split() for line in answer.out.splitlines())
    assert figures["ndcg@10"] == figures["spearman"] == "—"
    assert figures["recall@1"] == "1.0"


def test_evaluation_grades_with_the_grader_that_is_named(
    hongniang: Hongniang, collection: Path
) -> None:
    ask = ("evaluate", collection, "--split", "dev", "--judged", "--json")
    plain = hongniang(*ask).json
    assert hongniang(*ask, "--grader", "none").json == plain
    default = hongniang(*ask, "--grader", "default").json
    assert default.keys() - plain.keys() == {"score", "ece"}
    assert plain.keys() < default.keys()
    assert 0 < default["score"] <= 1
    assert default["queries"] == plain["queries"] == 1
    shipped = ROOT / "models" / "default" / "grader.json"
    assert hongniang(*ask, "--grader", shipped).json == default


@pytest.mark.parametrize("content", [None, "", "{}", "[1]", "没有"])
def test_a_grader_that_is_none_is_5_and_named(
    hongniang: Hongniang, collection: Path, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "own.json"
    if content is not None:
        path.write_text(content, "utf-8")
    answer = hongniang("evaluate", collection, "--split", "dev", "--grader", path)
    assert (answer.code, answer.out) == (5, "")
    assert answer.err.startswith("错误：")
    assert "own.json" in answer.err
    assert "hongniang train grader" in answer.err


@pytest.mark.parametrize("output", [False, True])
def test_too_few_labels_to_train_on_are_2_and_leave_nothing(
    hongniang: Hongniang, collection: Path, tmp_path: Path, output: bool
) -> None:
    where = ["--output", tmp_path / "out"] if output else []
    answer = hongniang("train", "grader", "--data", collection, "--split", "dev", *where)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("错误：标注太少（1 条需求，5 个标注），至少需要")
    assert len(answer.err.splitlines()) == 1
    assert not (tmp_path / "out").exists()
    assert hongniang("models", "list", "--json").json == []


@pytest.mark.parametrize(
    "arguments",
    [["--data", "no-such-folder"], ["--data", "."], ["--data", "x", "--split", "../y"]],
    ids=" ".join,
)
def test_labels_that_are_not_there_are_2(hongniang: Hongniang, arguments: list[str]) -> None:
    answer = hongniang("train", "grader", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert HAN.search(answer.err)


def test_a_trained_grader_is_put_to_work_if_it_is_better(
    hongniang: Hongniang, tmp_path: Path
) -> None:
    folder = write_collection(labelled(), tmp_path / "labels")
    report = hongniang("train", "grader", "--data", folder, "--json").json
    assert (report["demands"], report["labels"]) == (12, 300)
    assert report["better"] == (report["gain"][0] > 0)
    listed = [line["name"] for line in hongniang("models", "list", "--json").json]
    assert listed == ([report["bundle"]] if report["better"] else [])
    assert hongniang("models", "verify").code == (0 if report["better"] else 5)
    used = hongniang("match", "--text", "废水", "--json").json["model"]
    assert used == (report["bundle"] or "default")


def test_evaluation_needs_no_data_folder(
    hongniang: Hongniang, collection: Path, tmp_path: Path
) -> None:
    hongniang("evaluate", collection, "--split", "dev", data=tmp_path / "untouched")
    assert not (tmp_path / "untouched").exists()


def test_models_are_listed_verified_used_and_rolled_back(hongniang: Hongniang, data: Path) -> None:
    [first] = hongniang("models", "list", "--json", data=data).json
    assert first["current"]
    second = hongniang("fit", "--json", data=data).json
    assert second["figures"]["achievements"] == first["figures"]["achievements"] == 168
    table = hongniang("models", "list", data=data).out.splitlines()
    assert table[0].split()[:2] == ["*", second["name"]]
    assert table[1].split()[0] == first["name"]

    for arguments in (["verify"], ["verify", first["name"]]):
        answer = hongniang("models", *arguments, data=data)
        assert answer.code == 0
        assert (arguments[-1] if len(arguments) > 1 else second["name"]) in answer.out

    assert first["name"] in hongniang("models", "rollback", data=data).out
    assert current(hongniang, data) == first["name"]
    assert hongniang("models", "use", second["name"], data=data).code == 0
    assert current(hongniang, data) == second["name"]
    assert hongniang("models", "rollback", data=data).code == 0
    assert current(hongniang, data) == first["name"]
    assert hongniang("match", "--text", "废水", "--json", data=data).json["model"] == first["name"]
    assert hongniang("models", "rollback", data=data).code == 5


def current(hongniang: Hongniang, data: Path) -> str:
    [name] = [
        line["name"]
        for line in hongniang("models", "list", "--json", data=data).json
        if line["current"]
    ]
    return str(name)


def test_without_models_the_list_says_what_to_do(hongniang: Hongniang) -> None:
    assert "hongniang fit" in hongniang("models", "list").out
    assert hongniang("models", "list", "--json").json == []


def test_a_damaged_model_is_listed(hongniang: Hongniang, data: Path) -> None:
    [manifest] = (data / "models").glob("*/manifest.json")
    manifest.write_text("{}")
    answer = hongniang("models", "list", data=data)
    assert answer.code == 0
    assert "已损坏" in answer.out


def test_the_doctor_finds_nothing_in_a_good_folder(
    hongniang: Hongniang, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HONGNIANG_PORT", "0")
    monkeypatch.setenv("HONGNIANG_NEW_PASSWORD", "一句很容易记住的话呀")
    hongniang("users", "add", "lin.jing", "--role", "administrator", data=data)
    answer = hongniang("doctor", "--json", data=data)
    assert answer.code == 0
    assert all(finding["good"] for finding in answer.json)
    assert len(answer.json) == 16
    assert "✗" not in hongniang("doctor", data=data).out


def test_the_demo_can_be_loaded_twice(hongniang: Hongniang, data: Path) -> None:
    again = hongniang("demo", "--json", data=data)
    assert again.code == 0
    assert again.json["changed"] == 0
    assert again.json["model"] == current(hongniang, data)


def test_progress_goes_to_standard_error_only(hongniang: Hongniang, tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl", [achievement_row(1)])
    imported = hongniang("import", "achievements", path, "--json")
    assert json.loads(imported.out)["added"] == 1
    assert json.loads(hongniang("fit", "--json").out)["figures"]["achievements"] == 1
