"""The tree of errors, and the drawing of it."""

import inspect
import re

import pytest

from matcher import errors
from matcher.errors import (
    FieldProblem,
    HongniangError,
    ImportRejected,
    InvalidInput,
    InvalidQuery,
    RowProblem,
)


def drawn_tree() -> dict[str, str | None]:
    """Class → parent, as the docstring of the module draws it."""
    parents: dict[str, str | None] = {}
    path: list[str] = []
    for line in inspect.getdoc(errors).splitlines():
        match = re.match(r"(?:    )([│├└─ ]*)([A-Z]\w+)", line)
        if match:
            depth = len(match[1]) // 4
            path[depth:] = [match[2]]
            parents[match[2]] = path[depth - 1] if depth else None
    return parents


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    classes = [
        cls
        for _, cls in inspect.getmembers(errors, inspect.isclass)
        if issubclass(cls, HongniangError)
    ]
    real = {cls.__name__: cls.__base__.__name__ for cls in classes if cls is not HongniangError}
    assert drawn_tree() == {"HongniangError": None, **real}


def test_an_error_reads_as_its_sentence_and_keeps_its_problems() -> None:
    problem = FieldProblem("k", "太大。")
    error = InvalidQuery("太大。", [problem])
    assert str(error) == "太大。"
    assert error.problems == (problem,)
    assert InvalidInput("不行。").problems == ()


def test_a_refused_file_names_its_cells() -> None:
    cell = RowProblem(7, "成熟度", "十", "成熟度为 1 至 9 的整数。")
    assert ImportRejected("文件未导入。", [cell]).problems == (cell,)


@pytest.mark.parametrize("kind", [InvalidInput, ImportRejected])
def test_problems_cannot_be_changed_from_outside(
    kind: type[InvalidInput] | type[ImportRejected],
) -> None:
    given: list[object] = []
    error = kind("不行。", given)  # type: ignore[arg-type]
    given.append("later")
    assert error.problems == ()
