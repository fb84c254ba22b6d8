"""A text in parts whose quantities can be read by themselves: most need not be read at all."""

import re
from typing import Final

_END: Final = re.compile(r"。(?![^(（]{0,20}[)）⁾₎]|.{0,12}度)", re.DOTALL)
"""Nothing that ``quantities`` looks at reaches over it, but for what stands in parentheses, and 度,
which may be a temperature because of the twelve characters before it."""


def passages(text: str) -> list[str]:
    """The parts of ``text``, in order; joined they are the text.

    The quantities of the text are those of its parts, for a text that is normalised character by
    character: one that ``bulk.squeezed_all`` has an answer for.
    """
    starts = [0, *(match.end() for match in _END.finditer(text))]
    return [text[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
