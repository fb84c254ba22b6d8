"""The table of docs/诊断规则.md, made from the rules: ``python -m tools.rules_table``.

``tests/architecture`` compares the two.
"""

from pathlib import Path
from typing import Final

from matcher.pairing.facts import FACTS
from matcher.pairing.lexicon import spoken
from matcher.pairing.rules import Rule, rules
from matcher.values import LIKELIHOODS

DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "诊断规则.md"
BEGIN: Final = "<!-- rules: written by tools/rules_table.py -->"
END: Final = "<!-- end of rules -->"


def table() -> str:
    """All rules in Markdown: blocker, likelihood, signs, what may be, name."""
    head = ["| 卡点 | 迹象 | 看到什么 | 意味着什么 | 规则 |", "|---|---|---|---|---|"]
    return "\n".join([*head, *map(_row, rules())])


def renewed(text: str) -> str:
    """``text`` with the table between its markers. Raises ValueError if they are not there."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{BEGIN} and {END} must stand in the document")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def _row(rule: Rule) -> str:
    signs = "，且".join(map(_sign, rule.signs))
    unless = f"；除非{'，或'.join(map(_sign, rule.unless))}" if rule.unless else ""
    cells = (
        rule.blocker,
        LIKELIHOODS[rule.likelihood],
        f"{signs}{unless}",
        rule.says,
        f"`{rule.name}`",
    )
    return f"| {' | '.join(cells)} |"


def _sign(name: str) -> str:
    return FACTS[name].label if name in FACTS else f"文中：{spoken()[name].label}"


if __name__ == "__main__":
    DOCUMENT.write_text(renewed(DOCUMENT.read_text("utf-8")), "utf-8")
