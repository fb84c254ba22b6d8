"""The table of settings in docs/deploy.md, made from the code: ``python -m tools.settings_table``.

``tests/architecture`` compares the two.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from api.settings import Settings

DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "deploy.md"
BEGIN: Final = "<!-- settings: written by tools/settings_table.py -->"
END: Final = "<!-- end of settings -->"


def table() -> str:
    """All settings in Markdown: name of the variable, default, meaning."""
    rows = (_row(name, field) for name, field in Settings.model_fields.items())
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows])


def renewed(text: str) -> str:
    """``text`` with the table between its markers. Raises ValueError if they are not there."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{BEGIN} and {END} must stand in the document")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def shown(value: object) -> str:
    """A default as one would write it into the environment; nothing for what is not set."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return "" if value is None else str(value)


def _row(name: str, field: FieldInfo) -> str:
    default = shown(field.default)
    cells: Iterator[str] = iter(
        (f"`HONGNIANG_{name.upper()}`", f"`{default}`" if default else "", field.description or "")
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    DOCUMENT.write_text(renewed(DOCUMENT.read_text("utf-8")), "utf-8")
