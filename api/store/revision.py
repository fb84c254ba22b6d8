"""The schema that this version of the program works with."""

from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory


@cache
def newest_revision() -> str:
    """The name of the newest migration, to which every database is brought when it is opened."""
    scripts = ScriptDirectory(str(Path(__file__).with_name("migrations")))
    return scripts.get_current_head() or ""
