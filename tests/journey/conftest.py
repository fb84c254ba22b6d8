"""The command line on data folders of its own, never the developer's."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.bootstrap import open_workspace
from api.cli import main
from api.services.demo import load_demo
from api.services.fitting import fit
from api.settings import Settings
from tests.databases import Folders, Prepare


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int | str | None
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Hongniang = Callable[..., Answer]


@pytest.fixture(scope="session")
def prepared(
    shared_folders: Folders, prepare_once: Prepare, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The demo records and a model fitted on them. Tests that write copy it."""

    def make(folder: Path) -> None:
        workspace = open_workspace(shared_folders.settings(folder))
        load_demo(workspace)
        fit(workspace)
        workspace.close()

    folder = tmp_path_factory.mktemp("journey") / "prepared"
    return shared_folders.copy(prepare_once("journey", make), folder)


@pytest.fixture
def data(prepared: Path, folders: Folders, tmp_path: Path) -> Path:
    """A copy of the prepared folder."""
    return folders.copy(prepared, tmp_path / "data")


@pytest.fixture
def hongniang(
    tmp_path: Path,
    folders: Folders,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Hongniang:
    """Runs a command to its exit code, on a new data folder unless ``data`` is given."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"HONGNIANG_{name.upper()}", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: object, data: Path = tmp_path / "new") -> Answer:
        for name, value in folders.environment(data).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["hongniang", *map(str, arguments)])
        with pytest.raises(SystemExit) as exit_:
            main.run()
        printed = capsys.readouterr()
        return Answer(exit_.value.code, printed.out, printed.err)

    return run
