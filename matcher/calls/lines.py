"""What the draft of an open call consists of: fields of lines, some of them gaps to be filled."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

GAP: Final = "【待补充："
FIELDS: Final = {
    "problem": "主要技术问题",
    "indicators": "核心指标",
    "deadline": "时限",
    "ownership": "产权归属",
    "funding": "资金投入",
    "eligibility": "揭榜方条件",
    "issuer": "发榜方与联系方式",
}
"""What notices of open calls require besides their title (榜单名称), in their order."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a field; ``demand_id`` is whose words it holds, None of a gap."""

    text: str
    demand_id: str | None = None

    @property
    def is_gap(self) -> bool:
        """Whether something is missing here."""
        return self.text.startswith(GAP)


@dataclass(frozen=True, slots=True)
class Draft:
    """A title and the lines of each of ``FIELDS``, none of them empty."""

    title: str
    fields: Mapping[str, tuple[Line, ...]]

    def texts(self) -> dict[str, str]:
        """The fields as text to be edited, a line each."""
        return {name: "\n".join(line.text for line in lines) for name, lines in self.fields.items()}


def gap(wanted: str) -> Line:
    """A place where something is missing, and what to ask for."""
    return Line(f"{GAP}{wanted}】")


def gaps_in(texts: Mapping[str, str]) -> int:
    """How many gaps are left in texts."""
    return sum(text.count(GAP) for text in texts.values())
