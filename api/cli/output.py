"""What commands print: tables for people on standard output, progress on standard error."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar

import typer

if TYPE_CHECKING:
    from matcher.records import Direction, MatchResult, Pairing

T = TypeVar("T")
_VERDICTS = {"met": "✓", "unmet": "✗", "unknown": "？"}


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def bar(items: Iterable[T], label: str, total: int) -> Iterable[T]:
    """A ``Track``: a progress bar with rate and time left, on standard error, gone when done."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(show_speed=True),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        yield from progress.track(items, total=total, description=label)


def print_pairings(result: "MatchResult") -> None:
    """A table of pairings, each with the reasons for it."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    if result.notice:
        console.print(result.notice)
    if result.pairings:
        table = Table(box=box.SIMPLE_HEAD, show_lines=True, expand=True)
        table.add_column("#", justify="right")
        table.add_column("等级", justify="right")
        table.add_column("配对", ratio=3, overflow="fold")
        table.add_column("理由", ratio=4, overflow="fold")
        for pairing in result.pairings:
            cells = _found(pairing, result.direction), _because(pairing)
            table.add_row(str(pairing.rank), _grade(pairing), *map(escape, cells))
        console.print(table)
    if result.unknown_terms:
        console.print(escape(f"库中没有出现过的词：{'、'.join(result.unknown_terms)}"))


def _found(pairing: "Pairing", direction: "Direction") -> str:
    """What was found, with where it is from."""
    if direction == "achievements":
        offer = pairing.achievement
        return "\n".join(filter(None, (offer.title, offer.provider, offer.id)))
    need = pairing.demand
    return "\n".join(filter(None, (need.title, need.region, need.id)))


def _grade(pairing: "Pairing") -> str:
    """The grade where there is one, and the score."""
    from matcher.pairing.wording import GRADE_NAMES

    name = GRADE_NAMES[pairing.grading.grade] if pairing.grading else "相似度"
    return f"{name}\n{pairing.score:.2f}"


def _because(pairing: "Pairing") -> str:
    reason = pairing.reason
    sentence = f"“{reason.sentence.text}”" if reason.sentence else ""
    claims = (
        f"{_VERDICTS[claim.verdict]} {claim.property}：{claim.required} / {claim.claimed}"
        for claim in reason.claims
        if claim.claimed
    )
    against = (f"△ {objection}" for objection in reason.against)
    return "\n".join(filter(None, (reason.summary, sentence, *claims, *against)))
