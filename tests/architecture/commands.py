"""What documents tell people to type."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from api.cli import main

ROOT = Path(__file__).parents[2]


def typed_lines(text: str) -> Iterator[list[str]]:
    """The command lines of all bash blocks, in words, continued lines joined, comments left out."""
    for block in re.findall(r"^```bash\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words:
                yield words


def wrong_with(words: list[str]) -> str | None:
    """Why ``hongniang words…`` could not be run as it stands, if it could not."""
    command: Any = typer.main.get_command(main.app)
    rest = list(words)
    while hasattr(command, "commands"):
        name = rest.pop(0) if rest else ""
        if name not in command.commands:
            return f"no command {name!r}"
        command = command.commands[name]
    given = [word.partition("=")[0] for word in rest if re.match(r"--?[a-z]", word)]
    known = {option for param in command.params for option in param.opts}
    unknown = set(given) - known
    return f"no option {min(unknown)}" if unknown else None
