"""``hongniang pairs`` as people run it, and as it is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.databases import Folders
from tests.journey.conftest import Hongniang

PATIENCE = 120.0
RUN = "from api.cli.main import run; run()"
ASKED = ("--direction", "demands", "-k", "8")


def killed(data: Path, folders: Folders, path: Path) -> bool:
    """Whether a run was killed when some of its work was safe, and not all of it."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, "pairs", "--output", path, *ASKED],
        cwd=Path(__file__).parents[2],
        env=os.environ | folders.environment(data),
        stdout=subprocess.DEVNULL,
    )
    end = time.monotonic() + PATIENCE
    while process.poll() is None and not Path(f"{path}.state").exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    return process.wait(PATIENCE) == -signal.SIGKILL


def test_every_pairing_is_written_and_killed_runs_go_on(
    hongniang: Hongniang, data: Path, folders: Folders, tmp_path: Path
) -> None:
    whole, path = tmp_path / "whole.jsonl", tmp_path / "pairs.jsonl"
    answer = hongniang("pairs", "--output", whole, *ASKED, data=data)
    assert answer.code == 0
    assert "168 条记录" in answer.out
    while not killed(data, folders, path):  # it was too quick
        path.unlink()
    assert not path.exists()

    refused = hongniang("pairs", "--output", path, "-k", 3, data=data)
    assert refused.code == 2
    assert "选项" in refused.err
    answer = hongniang("pairs", "--output", path, *ASKED, "--json", data=data)
    assert answer.code == 0
    assert answer.json["records"] == 168
    assert 0 < answer.json["resumed"] < 168
    assert path.read_bytes() == whole.read_bytes()
    assert not list(tmp_path.glob("pairs.jsonl.*"))


def test_the_strong_and_public_ones_as_a_table(
    hongniang: Hongniang, data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "pairs.csv"
    asked = ("--least", 3, "--public", "--field", "资源与环境", "--json")
    answer = hongniang("pairs", "--output", path, *asked, data=data)
    assert answer.code == 0
    rows = path.read_text("utf-8-sig").splitlines()
    assert answer.json["pairs"] == len(rows) - 1 > 0
    assert all("强相关" in row for row in rows[1:])
    assert json.loads(hongniang("pairs", "--output", path, "--json", data=data).out)["pairs"] > 0
