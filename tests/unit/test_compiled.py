"""Compiled functions that are kept on disk."""

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

from numba.core.dispatcher import Dispatcher

import matcher

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


def test_no_compiled_function_is_called_from_one_of_another_folder() -> None:
    for found in pkgutil.walk_packages(matcher.__path__, "matcher."):
        module = importlib.import_module(found.name)
        compiled = [value for value in vars(module).values() if isinstance(value, Dispatcher)]
        homes = {function.py_func.__module__ for function in compiled}
        if module.__name__ in homes:
            assert {home.rpartition(".")[0] for home in homes} == {module.__package__}, found.name


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
