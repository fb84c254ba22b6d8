"""Labelled collections as they lie on the disk, whole and broken."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from matcher.errors import EvaluationDataError
from matcher.evaluation.collection import read_collection

CORPUS = [{"_id": "d1", "title": "膜曝气", "text": "脱氮"}, {"_id": "d2", "title": "脱硝"}]
QUERIES = [{"_id": "q1", "text": "氨氮"}, {"_id": "q2", "title": "没有标注"}]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t3\nq1\td2\t0\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, rows in (("corpus", CORPUS), ("queries", QUERIES)):
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        (tmp_path / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "dev.tsv").write_text(QRELS, "utf-8")
    return tmp_path


def texts_of(found: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, str]]:
    return {id_: (texts["title"], texts["text"]) for id_, texts in found.items()}


def test_documents_judged_queries_and_grades_are_read(folder: Path) -> None:
    collection = read_collection(folder, "dev")
    assert texts_of(collection.documents) == {"d1": ("膜曝气", "脱氮"), "d2": ("脱硝", "")}
    assert texts_of(collection.queries) == {"q1": ("", "氨氮")}
    assert collection.judgements == {"q1": {"d1": 3, "d2": 0}}


def test_the_files_of_a_split_may_have_a_folder_of_their_own(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "outer"
    (home / "dev").mkdir(parents=True)
    for name in ("corpus.jsonl", "queries.jsonl", "qrels"):
        (folder / name).rename(home / "dev" / name)
    assert read_collection(home, "dev").judgements == {"q1": {"d1": 3, "d2": 0}}


def test_byte_order_marks_numbers_as_ids_blank_lines_and_windows_line_ends_are_no_matter(
    folder: Path,
) -> None:
    (folder / "corpus.jsonl").write_text('\ufeff{"_id": 1, "text": null}\r\n', "utf-8")
    (folder / "qrels" / "dev.tsv").write_text("\ufeffq\td\ts\r\nq1\t1\t2\r\n\r\n", "utf-8")
    collection = read_collection(folder, "dev")
    assert texts_of(collection.documents) == {"1": ("", "")}
    assert collection.judgements == {"q1": {"1": 2}}


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl", "qrels/dev.tsv"])
def test_a_missing_file_is_named(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(EvaluationDataError, match=missing.split("/")[-1]):
        read_collection(folder, "dev")


def test_a_split_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(EvaluationDataError, match=r"test\.tsv"):
        read_collection(folder, "test")


@pytest.mark.parametrize("line", ["nonsense", "[1]", '{"title": "x"}', "5", '"_id"'])
@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl"])
def test_a_line_that_is_no_record_is_named_by_number(folder: Path, name: str, line: str) -> None:
    path = folder / name
    path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")
    with pytest.raises(EvaluationDataError, match=rf"{name} 第 3 行"):
        read_collection(folder, "dev")


@pytest.mark.parametrize(
    "line", ["q1\td1", "q1 d1 3", "q1\td1\tgood", "q1\td1\t1.5", "q1\td1\t1\t"]
)
def test_a_judgement_that_is_none_is_named_by_number(folder: Path, line: str) -> None:
    (folder / "qrels" / "dev.tsv").write_text(QRELS + line + "\n", "utf-8")
    with pytest.raises(EvaluationDataError, match=r"dev\.tsv 第 4 行"):
        read_collection(folder, "dev")


@pytest.mark.parametrize(("line", "unknown"), [("q9\td1\t1", "q9"), ("q1\td9\t1", "d9")])
def test_a_judgement_of_something_unknown_is_refused(folder: Path, line: str, unknown: str) -> None:
    (folder / "qrels" / "dev.tsv").write_text(QRELS + line + "\n", "utf-8")
    with pytest.raises(EvaluationDataError, match=unknown):
        read_collection(folder, "dev")


@pytest.mark.parametrize("text", ["", "query-id\tcorpus-id\tscore\n"])
def test_a_split_without_judgements_is_refused(folder: Path, text: str) -> None:
    (folder / "qrels" / "dev.tsv").write_text(text, "utf-8")
    with pytest.raises(EvaluationDataError, match="没有标注"):
        read_collection(folder, "dev")


def test_another_encoding_is_refused(folder: Path) -> None:
    (folder / "corpus.jsonl").write_bytes('{"_id": "d1", "title": "脱硝催化剂"}'.encode("gbk"))
    with pytest.raises(EvaluationDataError, match="UTF-8"):
        read_collection(folder, "dev")


def test_a_folder_in_the_place_of_a_file_is_refused(folder: Path) -> None:
    (folder / "queries.jsonl").unlink()
    (folder / "queries.jsonl").mkdir()
    with pytest.raises(EvaluationDataError, match="queries"):
        read_collection(folder, "dev")
