"""Tables that people send and get (CSV, JSONL, xlsx), texts to hand out. Knows no records."""

from api.files.reading import SUFFIXES, Row, read_rows
from api.files.writing import FORMATS, write_table

__all__ = ["FORMATS", "SUFFIXES", "Row", "read_rows", "write_table"]
