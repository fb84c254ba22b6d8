"""SQL functions that the databases spell differently."""

from typing import Any

from sqlalchemy import Boolean, Float, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class province(FunctionElement[str]):  # noqa: N801 - a function, called as such
    """What stands before the first ``-`` of a region: 江苏 of 江苏-苏州."""

    type = String()
    inherit_cache = True


class epoch(FunctionElement[float]):  # noqa: N801 - a function, called as such
    """A moment as seconds since 1970."""

    type = Float()
    inherit_cache = True


class lists(FunctionElement[bool]):  # noqa: N801 - a function, called as such
    """Whether a column with a JSON list of texts has this one."""

    type = Boolean()
    inherit_cache = True


@compiles(province, "sqlite")
def _province_sqlite(element: province, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    text = compiler.process(element.clauses, **options)
    return f"substr({text}, 1, instr({text} || '-', '-') - 1)"


@compiles(province, "postgresql")
def _province_postgresql(element: province, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"split_part({compiler.process(element.clauses, **options)}, '-', 1)"


@compiles(epoch, "sqlite")
def _epoch_sqlite(element: epoch, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"((julianday({compiler.process(element.clauses, **options)}) - 2440587.5) * 86400.0)"


@compiles(epoch, "postgresql")
def _epoch_postgresql(element: epoch, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"extract(epoch from {compiler.process(element.clauses, **options)})"


@compiles(lists, "sqlite")
def _lists_sqlite(element: lists, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    column, text = (compiler.process(clause, **options) for clause in element.clauses)
    listed = f"json_each({column}) AS listed"
    return f"EXISTS (SELECT 1 FROM {listed} WHERE listed.value = {text})"  # noqa: S608 - compiled


@compiles(lists, "postgresql")
def _lists_postgresql(element: lists, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    column, text = (compiler.process(clause, **options) for clause in element.clauses)
    listed = f"json_array_elements_text({column}) AS listed(one)"
    return f"EXISTS (SELECT 1 FROM {listed} WHERE listed.one = {text})"  # noqa: S608 - compiled
