"""The server as a process: it starts, answers, keeps what it was told, and stops."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from api.bootstrap import open_workspace
from api.security.roles import SYSTEM, Actor, Role, Scope
from api.services.accounts import add_account
from api.services.keys import add_key
from matcher.index import SegmentIndex
from tests.databases import Folders
from tests.journey.conftest import Hongniang
from tests.unit.rows import achievement_row, draft_values

ROOT = Path(__file__).parents[2]
SCRIPT = "from api.cli.main import run; run()"
PATIENCE = 60  # seconds after which a hung server fails the test instead of hanging it


@contextmanager
def serving(
    folders: Folders, data: Path, *options: str
) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A server on a free port: its address and its process."""
    environment = {n: v for n, v in os.environ.items() if not n.startswith("HONGNIANG_")}
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, "serve", "--port", "0", *options],
        cwd=ROOT,
        env=environment | folders.environment(data) | {"PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                yield found[0], process
                return
        pytest.fail(f"the server ended with {process.wait()} before it was ready")
    finally:
        process.kill()
        process.communicate()


def key_for(folders: Folders, data: Path) -> str:
    """A broker's key for everything, made before the server starts."""
    workspace = open_workspace(folders.settings(data))
    account = add_account(workspace, SYSTEM, "lin.jing", Role.broker, "一句很容易记住的话呀")
    actor = Actor(account.id, account.name, Role.broker)
    key = add_key(workspace, actor, "测试", list(Scope))[1]
    workspace.close()
    return key


def asked(url: str, body: dict[str, Any] | None = None, key: str = "") -> Any:
    request = urllib.request.Request(
        url,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"}
        | ({"Authorization": f"Bearer {key}"} if key else {}),
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)


def saved_ids(data: Path) -> set[str]:
    [folder] = (data / "index").glob("*/achievements")
    model = json.loads((folder / "index.json").read_text("utf-8"))["model"]
    return set(SegmentIndex.open(folder, model).stamps())


def test_an_empty_folder_is_served_with_demo_data_until_it_is_interrupted(
    folders: Folders, tmp_path: Path
) -> None:
    key = key_for(folders, tmp_path / "data")
    with serving(folders, tmp_path / "data", "--demo") as (address, process):
        assert asked(f"{address}/readyz") == {"status": "ok"}
        for kind, total in (("achievements", 168), ("demands", 64 + 6)):  # 6 to be reviewed
            assert asked(f"{address}/api/v1/{kind}", key=key)["total"] == total
        answer = asked(f"{address}/api/v1/matches", {"text": "印染废水色度高", "k": 1}, key)
        assert answer["model"]
        assert len(answer["pairings"]) == 1
        added = asked(f"{address}/api/v1/achievements", draft_values(achievement_row(9)), key)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
    assert added["id"] in saved_ids(tmp_path / "data")


def test_a_server_that_is_told_to_end_ends_and_saves_its_indexes(
    folders: Folders, data: Path
) -> None:
    before, key = saved_ids(data), key_for(folders, data)
    with serving(folders, data) as (address, process):
        added = asked(f"{address}/api/v1/achievements", draft_values(achievement_row(9)), key)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) in {0, 128 + signal.SIGTERM, -signal.SIGTERM}
    assert saved_ids(data) == before | {added["id"]}


def test_a_server_that_was_killed_has_lost_nothing(
    folders: Folders, data: Path, hongniang: Hongniang
) -> None:
    draft, key = draft_values(achievement_row(9, title="磁悬浮鼓风机QXZ77")), key_for(folders, data)
    with serving(folders, data) as (address, process):
        added = asked(f"{address}/api/v1/achievements", draft, key)
        process.kill()
        process.wait(PATIENCE)
    answer = hongniang("match", "--text", draft["title"], "-k", "1", "--json", data=data).json
    assert answer["pairings"][0]["achievement"]["id"] == added["id"]
