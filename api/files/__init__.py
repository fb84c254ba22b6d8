"""Reads tables that people send: CSV, JSONL and xlsx become rows of cells. Knows no records."""

from api.files.reading import Row, read_rows

__all__ = ["Row", "read_rows"]
