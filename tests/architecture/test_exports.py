"""What ``matcher`` offers by name, and what it must not bring along."""

import subprocess
import sys
from pathlib import Path

import pytest

import matcher


def test_the_exported_names_are_these() -> None:
    assert sorted(matcher.__all__) == [
        "Achievement",
        "Demand",
        "Filters",
        "HongniangError",
        "MatchResult",
        "Matchmaker",
        "Pairing",
        "Reason",
        "TfidfRepresentation",
    ]


def test_every_exported_name_is_there_and_is_a_documented_class() -> None:
    for name in matcher.__all__:
        exported = getattr(matcher, name)
        assert exported.__name__ == name
        assert exported.__module__.startswith("matcher.")
        assert exported.__doc__


def test_other_names_are_refused_in_the_usual_way() -> None:
    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = matcher.nothing_like_it


def test_the_engine_runs_without_web_database_terminal_and_settings() -> None:
    # In a process of its own: here other tests may have imported them already.
    script = (
        "import sys\n"
        "from matcher import *\n"
        "library = [Achievement(id='a', title='光伏')]\n"
        "[pairing] = Matchmaker.from_records(library).match('光伏').pairings\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))\n"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    ).stdout.split()
    assert "sklearn" in loaded  # the engine did load
    # Not rich: scikit-learn itself imports it for its progress bars where it is installed.
    forbidden = {"fastapi", "starlette", "sqlalchemy", "typer", "pydantic"}
    assert forbidden.isdisjoint(loaded)
    assert {"api", "models"}.isdisjoint(loaded)
