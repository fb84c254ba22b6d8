"""Of which folders something is part of what a name of a module stands for."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path


def made_in(module: str, name: str) -> set[Path]:
    """The folders of all that makes it what it is, in the packages of this module.

    Types are left out: a compiled function knows its arguments by them, and nothing else.
    """
    found: set[Path] = set()
    seen: set[tuple[str, str]] = set()
    waiting = [(module, name)]
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            found.add(folder_of(one[0]))
            waiting += _parts(*one)
    return found


def folder_of(module: str) -> Path:
    spec = find_spec(module)
    assert spec
    assert spec.origin
    return Path(spec.origin).parent


def _parts(module: str, name: str) -> Iterator[tuple[str, str]]:
    """What this is made of directly, each by the module that says what it is."""
    for used in _used(_definitions(module)[name]) if name else ():
        made = _definitions(module).get(used)
        if isinstance(made, ast.ImportFrom):
            yield from _imported(module, made, used)
        elif made:
            yield module, used


def _imported(module: str, statement: ast.ImportFrom, name: str) -> Iterator[tuple[str, str]]:
    home = statement.module or ""
    if home.partition(".")[0] == module.partition(".")[0]:
        [original] = (one.name for one in statement.names if name in (one.name, one.asname))
        is_module = original not in _definitions(home)
        yield (f"{home}.{original}", "") if is_module else (home, original)


@cache
def _definitions(module: str) -> dict[str, ast.stmt]:
    """The statement of a module that says what a name is; of what is imported, this statement."""
    spec = find_spec(module)
    assert spec
    assert spec.origin
    tree = ast.parse(Path(spec.origin).read_text("utf-8"))
    return {name: statement for statement in tree.body for name in _named(statement)}


def _named(statement: ast.stmt) -> Iterable[str]:
    match statement:
        case ast.ImportFrom(names=names):
            return [one.asname or one.name for one in names]
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign() | ast.AnnAssign():
            return _names(statement, ast.Store)
    return []


def _used(statement: ast.stmt) -> set[str]:
    """The names of the module that a definition makes use of."""
    match statement:
        case ast.FunctionDef(body=body, args=args):
            own = {arg.arg for arg in (*args.args, *args.kwonlyargs)}
            own |= {name for one in body for name in _names(one, ast.Store)}
            return {name for one in body for name in _names(one, ast.Load)} - own
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
            return _names(value, ast.Load)
    return set()


def _names(tree: ast.AST, context: type[ast.expr_context]) -> set[str]:
    return {
        one.id for one in ast.walk(tree) if isinstance(one, ast.Name) and type(one.ctx) is context
    }
