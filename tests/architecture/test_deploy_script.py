"""The command line of deploy/hongniang, with something else in the place of systemd."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.commands import ROOT

SCRIPT = (ROOT / "deploy" / "hongniang").read_text("utf-8")
STAND_IN = """#!/bin/sh
printf '%s\\n' "$@" >arguments
cat given.* >file
exit 7
"""
AWKWARD = {
    "HONGNIANG_NEW_PASSWORD": 'a "b" $c `d` \\e\'f=g #h',
    "HONGNIANG_SMTP_FROM": "红娘 <hongniang@kjj.example>",
}


@pytest.fixture
def ended(tmp_path: Path) -> int:
    """The status with which a command ended that was given awkward settings."""
    stand_in = tmp_path / "systemd-run"
    stand_in.write_text(STAND_IN)
    stand_in.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    text = SCRIPT.replace("--tmpdir=/run hongniang.", f"--tmpdir={tmp_path} given.")
    command = ["sh", "-c", text, "hongniang", "users", "add", "某人"]
    environment = os.environ | AWKWARD | {"PATH": path}
    return subprocess.run(command, cwd=tmp_path, env=environment, check=False).returncode


pytestmark = pytest.mark.skipif(not shutil.which("mktemp"), reason="no mktemp")


def test_the_command_ends_as_what_it_ran_and_leaves_no_file(ended: int, tmp_path: Path) -> None:
    assert ended == 7
    assert not [*tmp_path.glob("given.*")]


def test_settings_of_the_caller_are_handed_on_letter_by_letter(ended: int, tmp_path: Path) -> None:
    lines = (tmp_path / "file").read_text("utf-8").splitlines()
    quoted = dict(re.fullmatch(r'(\w+)="(.*)"', line).groups() for line in lines)  # type: ignore[union-attr]
    found = {name: re.sub(r"\\(.)", r"\1", value) for name, value in quoted.items()}
    assert found.items() >= AWKWARD.items()
    assert all(name.startswith("HONGNIANG_") for name in found)
    # Nothing that means more than itself between double quotes is left unmarked.
    assert not [v for v in quoted.values() if re.search(r'["$`]', re.sub(r"\\.", "", v))]


def test_no_value_is_among_the_arguments_that_everybody_may_read(
    ended: int, tmp_path: Path
) -> None:
    arguments = (tmp_path / "arguments").read_text("utf-8")
    assert arguments.splitlines()[-4:] == ["/opt/hongniang/bin/hongniang", "users", "add", "某人"]
    assert not [value for value in AWKWARD.values() if value in arguments]


def test_settings_of_the_caller_come_after_those_of_the_file(ended: int, tmp_path: Path) -> None:
    arguments = (tmp_path / "arguments").read_text("utf-8")
    files = re.findall(r"EnvironmentFile=(.*)", arguments)
    assert files[0] == "/etc/hongniang/environment"
    assert Path(files[1]).parent == tmp_path
    assert len(files) == 2
