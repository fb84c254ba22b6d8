"""Rows to Parquet, a group at a time, if pyarrow is installed."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

from matcher.errors import InvalidInput

_GROUP: Final = 20_000
"""Rows of a group, which is what memory has to hold."""


def check_parquet() -> None:
    """Raise InvalidInput if Parquet cannot be written here."""
    try:
        import pyarrow.parquet  # noqa: F401 - whether it is there
    except ImportError:
        raise InvalidInput(
            "写 Parquet 需要 pyarrow，请先运行 pip install 'hongniang[parquet]'，"
            "或改用 .jsonl、.csv。"
        ) from None


def write_parquet(
    path: Path, columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]
) -> None:
    """Write rows with these columns, each given by a name of pyarrow's types, compressed."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in columns.items()])
    with ParquetWriter(path, schema, compression="zstd") as writer:
        for group in _groups(rows):
            writer.write_table(pa.Table.from_pylist(group, schema=schema))


def _groups(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    remaining = iter(rows)
    while group := list(islice(remaining, _GROUP)):
        yield group
