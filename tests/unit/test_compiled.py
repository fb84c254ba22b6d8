"""Compiled functions that are kept on disk."""

import importlib
import subprocess
import sys
from pathlib import Path
from pkgutil import walk_packages

import pytest
from numba.core.dispatcher import Dispatcher

import matcher
from tests.unit.origins import folder_of, made_in

ROOT = Path(__file__).parents[2]
_INNER = "from matcher.compiled import compiled\n\n@compiled()\ndef inner(x):\n    return x + {}\n"
_OUTER = """
from inner import inner
from matcher.compiled import compiled

@compiled()
def outer(x):
    return 2 * inner(x)

print(outer(1), sum(outer.stats.cache_hits.values()))
"""
_OURS = {
    "ours/__init__.py": "",
    "ours/deep/__init__.py": "",
    "ours/deep/kinds.py": "KINDS = ('a', 'b')\nText = str\ndef of(x): return x\n",
    "ours/beside.py": "from ours.deep import kinds\nB = kinds.KINDS[1]\nPLAIN = 1\n",
    "ours/loops.py": """
from ours.beside import B, PLAIN
from ours.deep.kinds import KINDS, Text, of

A: Text = KINDS.index("a")
def imported(x): return KINDS[x]
def calculated(x): return x == A
def from_a_file_beside(x): return x == B
def called(x): return of(x)
def clean(x: Text) -> Text:
    KINDS = PLAIN
    return x == KINDS + len(x)
""",
}


def run(folder: Path) -> list[int]:
    """What the outer function says, and how often it was found on disk."""
    command = [sys.executable, "-c", "import outer"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return [int(part) for part in done.stdout.split()]


def test_what_is_kept_is_made_anew_when_a_function_that_it_calls_changes(tmp_path: Path) -> None:
    (tmp_path / "outer.py").write_text(_OUTER)
    (tmp_path / "inner.py").write_text(_INNER.format(1))
    assert run(tmp_path) == [4, 0]
    assert run(tmp_path) == [4, 1]
    (tmp_path / "inner.py").write_text(_INNER.format(2))
    assert run(tmp_path) == [6, 0]


def test_what_is_kept_is_made_anew_when_a_constant_of_another_file_changes(tmp_path: Path) -> None:
    (tmp_path / "known.py").write_text("KNOWN = 1\n")
    (tmp_path / "inner.py").write_text("from known import KNOWN\n" + _INNER.format("KNOWN"))
    (tmp_path / "outer.py").write_text(_OUTER)
    assert run(tmp_path) == [4, 0]
    (tmp_path / "known.py").write_text("KNOWN = 3\n")
    assert run(tmp_path) == [8, 0]


def test_nothing_of_another_folder_is_part_of_a_compiled_function() -> None:
    names = [found.name for found in walk_packages(matcher.__path__, "matcher.")]
    compiled = {
        (value.py_func.__module__, value.py_func.__name__)
        for module in map(importlib.import_module, names)
        for value in vars(module).values()
        if isinstance(value, Dispatcher)
    }
    assert len(compiled) > 100
    strays = {one: made_in(*one) - {folder_of(one[0])} for one in compiled}
    assert not {one: folders for one, folders in strays.items() if folders}


def test_what_is_of_another_folder_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    for file, text in _OURS.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    here, deep = tmp_path / "ours", tmp_path / "ours" / "deep"
    for name in ("imported", "calculated", "from_a_file_beside", "called"):
        assert made_in("ours.loops", name) == {here, deep}
    assert made_in("ours.loops", "clean") == {here}


def test_what_is_made_ready_are_all_modules_with_compiled_functions() -> None:
    script = "import sys; from matcher.ready import prepare; prepare(); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    sources = ROOT.joinpath("matcher").rglob("*.py")
    compiled = {
        ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for file in sources
        if "\n@compiled(" in file.read_text("utf-8")
    }
    assert compiled
    assert compiled <= set(done.stdout.split())
