"""docs/诊断规则.md is what the rules say."""

import pytest

from matcher.pairing.plan import ANSWERS
from matcher.pairing.rules import rules
from matcher.values import RESOURCE_KINDS
from tools import rules_table

PAGE = rules_table.DOCUMENT.read_text("utf-8")


def test_the_page_holds_the_table_of_the_rules() -> None:
    assert rules_table.renewed(PAGE) == PAGE
    assert all(f"`{rule.name}`" in PAGE for rule in rules())


def test_a_page_without_a_place_for_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="must stand"):
        rules_table.renewed("# 诊断规则")


def test_the_page_tells_which_kinds_answer_which_blocker() -> None:
    for blocker, (first, second) in ANSWERS.items():
        assert f"| {blocker} | {RESOURCE_KINDS[first]} | {RESOURCE_KINDS[second]} |" in PAGE
