"""Reads labelled collections in the layout of BEIR.

``corpus.jsonl`` and ``queries.jsonl`` hold one object a line with ``_id``, ``title`` and ``text``;
``qrels/<split>.tsv`` holds ``query-id``, ``corpus-id`` and ``score``, tab separated, with a header.
Source: Thakur et al., "BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation", NeurIPS 2021.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from matcher.errors import EvaluationDataError
from matcher.representation import FieldTexts

Judgements = dict[str, dict[str, int]]
"""Query id → document id → grade (0 无相关 … 3 强相关)."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, queries, and what people said about pairs of them."""

    documents: dict[str, FieldTexts]
    queries: dict[str, FieldTexts]
    judgements: Judgements


def read_collection(folder: Path, split: str) -> Collection:
    """Read ``folder`` (or its sub-folder ``split``, if the files are there).

    Only judged queries are kept. Raises EvaluationDataError where something is missing, malformed,
    or a judgement names a query or a document that does not exist.
    """
    home = folder if (folder / "corpus.jsonl").is_file() else folder / split
    documents = dict(_texts(home / "corpus.jsonl"))
    queries = dict(_texts(home / "queries.jsonl"))
    judgements = _judgements(home / "qrels" / f"{split}.tsv")
    _check_known("查询", judgements.keys() - queries.keys())
    judged = {document for grades in judgements.values() for document in grades}
    _check_known("文档", judged - documents.keys())
    return Collection(documents, {q: queries[q] for q in judgements}, judgements)


def _check_known(what: str, unknown: set[str]) -> None:
    if unknown:
        raise EvaluationDataError(
            f"标注里的{what} {min(unknown)} 不在数据中(共 {len(unknown)} 个)。"
        )


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            yield from enumerate(file, start=1)
    except FileNotFoundError:
        raise EvaluationDataError(f"缺少文件 {path}，请检查目录和 --split。") from None
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationDataError(f"文件 {path} 无法读取，应为 UTF-8 文本。") from error


def _texts(path: Path) -> Iterator[tuple[str, FieldTexts]]:
    for number, line in _lines(path):
        try:
            row = json.loads(line)
            texts = {"title": row.get("title") or "", "text": row.get("text") or ""}
            yield str(row["_id"]), texts
        except (ValueError, KeyError, AttributeError) as error:
            raise EvaluationDataError(f"{path} 第 {number} 行不是含 _id 的 JSON 对象。") from error


def _judgements(path: Path) -> Judgements:
    judgements: Judgements = {}
    for number, line in _lines(path):
        if number == 1 or not line.strip():
            continue
        try:
            query, document, grade = line.rstrip("\r\n").split("\t")
            judgements.setdefault(query, {})[document] = int(grade)
        except ValueError as error:
            message = f"{path} 第 {number} 行应为“查询<Tab>文档<Tab>整数等级”。"
            raise EvaluationDataError(message) from error
    if not judgements:
        raise EvaluationDataError(f"{path} 中没有标注。")
    return judgements
