"""The workspace of one command."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.services.workspace import Workspace
    from api.settings import Settings


def settings() -> "Settings":
    """The settings of this process. Raises InvalidInput for values that cannot be."""
    from pydantic import ValidationError

    from api.settings import Settings
    from matcher.errors import InvalidInput

    try:
        return Settings()
    except ValidationError as error:
        ours = [str(e["ctx"]["error"]) for e in error.errors() if e["type"] == "value_error"]
        if ours:
            raise InvalidInput(ours[0]) from None  # what was given may hold a password
        names = "、".join(f"HONGNIANG_{str(e['loc'][0]).upper()}" for e in error.errors())
        why = "".join(str(e["ctx"]["error"]) for e in error.errors() if e["type"] == "value_error")
        raise InvalidInput(f"环境变量 {names} 的值不正确，请检查后再运行。{why}") from error


@contextmanager
def workspace() -> Iterator["Workspace"]:
    """The data folder of the settings, opened for one command."""
    from api.bootstrap import open_workspace

    opened = open_workspace(settings())
    try:
        yield opened
    finally:
        opened.close()
