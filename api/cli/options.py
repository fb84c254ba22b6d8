"""Options that several commands have."""

from typing import Annotated

import typer

DateFrom = Annotated[
    str | None, typer.Option(help="需求的截止日期不早于，如 2027-01-01；未写明的保留。")
]
DateTo = Annotated[
    str | None, typer.Option(help="需求的截止日期不晚于，如 2027-06-30；未写明的不列出。")
]
