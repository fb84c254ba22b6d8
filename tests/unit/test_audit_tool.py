"""``make audit``: weaknesses fail it, a missing network does not."""

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tools import audit

TEXT = """\
numpy==2.4.0 ; python_version >= "3.11" \\
    --hash=sha256:0a \\
    --hash=sha256:0b
psycopg-binary==3.3.1 \\
    --hash=sha256:0c
jieba==0.42.1
"""
PACKAGES = [("numpy", "2.4.0"), ("psycopg-binary", "3.3.1"), ("jieba", "0.42.1")]
WEAK = {"id": "PYSEC-1", "fix_versions": ["2.4.1"], "aliases": [], "description": "…"}


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.lock"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Sets what pip-audit prints, by service; returns the services that will have been asked."""

    def answering(**printed: object) -> list[str]:
        asked: list[str] = []

        def run(command: list[str], **_: Any) -> SimpleNamespace:
            asked.append(command[command.index("--vulnerability-service") + 1])
            told = printed.get(asked[-1], "")
            return SimpleNamespace(stdout=told if isinstance(told, str) else json.dumps(told))

        monkeypatch.setattr(subprocess, "run", run)
        return asked

    return answering


def report(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"dependencies": list(entries), "fixes": []}


def test_what_is_locked_is_read_from_the_lock_file() -> None:
    assert audit.locked(TEXT) == PACKAGES
    assert len(audit.locked(audit.LOCK.read_text("utf-8"))) > 30


def test_a_weakness_fails_and_says_where_it_is_mended(
    lock: Path, answer: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    numpy = {"name": "numpy", "version": "2.4.0", "vulns": [WEAK]}
    asked = answer(pypi=report(numpy, {"name": "jieba", "version": "0.42.1", "vulns": []}))
    assert audit.main(lock) == 1
    printed = capsys.readouterr().out
    assert "2 of 3 packages known to pypi" in printed
    assert "numpy 2.4.0: PYSEC-1, mended in 2.4.1" in printed
    assert asked == ["pypi"]


def test_no_weakness_passes(lock: Path, answer: Callable[..., list[str]]) -> None:
    answer(pypi=report({"name": "numpy", "version": "2.4.0", "vulns": []}))
    assert audit.main(lock) == 0


def test_another_service_is_asked_where_the_first_knows_nothing(
    lock: Path, answer: Callable[..., list[str]]
) -> None:
    skipped = report({"name": "numpy", "skip_reason": "not found"})
    weak = report({"name": "numpy", "version": "2.4.0", "vulns": [WEAK]})
    asked = answer(pypi=skipped, osv=weak)
    assert audit.main(lock) == 1
    assert asked == ["pypi", "osv"]


@pytest.mark.parametrize("printed", ["", "no connection", "[]", '{"fixes": []}'])
def test_without_a_service_what_is_locked_is_listed_by_age(
    lock: Path,
    answer: Callable[..., list[str]],
    printed: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer(pypi=printed, osv=printed)
    dates = {"numpy": "2026-09-01", "jieba": "2020-01-20"}
    monkeypatch.setattr(audit, "uploaded", lambda package: dates.get(package[0]))
    assert audit.main(lock) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "2020-01-20  jieba 0.42.1",
        "2026-09-01  numpy 2.4.0",
        "no date     psycopg-binary 3.3.1",
    ]


def test_a_registry_that_tells_no_date_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(audit, "uploaded", asked.append)
    assert audit.listed(PACKAGES)[0] == "no date     jieba 0.42.1"
    assert asked == PACKAGES[:1]


def test_the_date_is_that_of_the_first_file(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [{"upload_time": "2026-02-03T01:02:03"}, {"upload_time": "2026-02-01T09:00:00"}]
    monkeypatch.setattr(
        audit, "urlopen", lambda *_, **__: io.BytesIO(json.dumps({"urls": files}).encode())
    )
    assert audit.uploaded(PACKAGES[0]) == "2026-02-01"


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b'{"urls": []}', b'{"urls": [{}]}'])
def test_an_answer_without_a_date_is_none(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(audit, "urlopen", lambda *_, **__: io.BytesIO(content))
    assert audit.uploaded(PACKAGES[0]) is None
