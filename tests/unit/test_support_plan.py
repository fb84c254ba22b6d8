"""The plan: the best resources that can be had, never one that cannot."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from matcher.engine import Matchmaker
from matcher.errors import InvalidQuery
from matcher.pairing.lexicon import steering
from matcher.pairing.offers import GENERAL
from matcher.pairing.plan import ANSWERS, SupportPlan
from matcher.resources import Resource
from matcher.values import BLOCKERS, RESOURCE_KINDS
from tests.unit.helped import RESOURCES, TODAY, achievement, demand, matchmaker, resource

POOR: dict[str, Any] = {"budget": None, "problem": "异亮氨酸发酵糖耗高，资金紧张，缺乏研发人员。"}
EARLY: dict[str, Any] = {
    "maturity": 5,
    "application_state": "未应用",
    "abstract": "谷氨酸棒杆菌发酵异亮氨酸，目前处于实验室阶段。",
    "ip_status": "申请中",
}


@pytest.fixture(scope="module")
def engine() -> Matchmaker:
    return matchmaker()


def offered(plan: SupportPlan) -> dict[str, list[str]]:
    return {one.blocker: [offer.resource.id for offer in one.offers] for one in plan.help}


def planned(engine: Matchmaker, k: int = 3) -> SupportPlan:
    return engine.support(demand(**POOR), achievement(**EARLY), TODAY, k)


def with_money(*products: Resource) -> list[str]:
    """What is offered for 缺资金 by a library of these."""
    others = [r for r in RESOURCES if r.kind != "finance"]
    plan = planned(matchmaker((*others, *products)), 10)
    return [id_ for id_ in offered(plan)["缺资金"] if id_.startswith("P")]


def test_each_blocker_is_answered_by_its_kinds_best_first(engine: Matchmaker) -> None:
    found = offered(planned(engine))
    assert found == {
        "不敢转": ["R8", "R5"],
        "缺资金": ["R1", "R9"],
        "缺人才": ["R3"],
        "缺场景": ["R7", "R5"],
    }


def test_what_is_of_another_field_or_place_or_time_never_appears(engine: Matchmaker) -> None:
    shown = {id_ for ids in offered(planned(engine, 10)).values() for id_ in ids}
    assert shown.isdisjoint({"R4", "R6", "R10", "R11", "R2"})


def test_a_pairing_that_lacks_nothing_needs_nobody(engine: Matchmaker) -> None:
    plan = engine.support(demand(), achievement(), TODAY)
    assert plan.help == ()
    assert [blocker.shows for blocker in plan.diagnosis.blockers] == [False] * 6


def test_an_empty_library_offers_nothing_and_still_tells_what_is_missing() -> None:
    plan = planned(matchmaker(()))
    assert offered(plan) == {"不敢转": [], "缺资金": [], "缺人才": [], "缺场景": []}
    assert plan.standing.at == 1


def test_a_product_over_the_amount_never_appears_however_many_there_are() -> None:
    """The need is 100 万元; six hundred like it can give less, and stand before the one."""
    bad = [
        resource(f"P{n:03}", "finance", "发酵中试贷款", summary="资金 贷款", amount_max=99.0)
        for n in range(600)
    ]
    good = resource("P999", "finance", "信用担保", amount_min=100.0, amount_max=100.0)
    assert with_money(*bad, good) == ["P999"]
    assert with_money(*bad) == []


def test_only_as_many_are_read_as_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    products = [
        resource(f"P{n:03}", "finance", "发酵中试贷款", amount_max=500.0) for n in range(300)
    ]
    engine = matchmaker(tuple(products))
    asked: list[Sequence[str]] = []
    read = engine.resources.get_many
    monkeypatch.setattr(engine.resources, "get_many", lambda ids: (asked.append(ids), read(ids))[1])
    assert offered(planned(engine))["缺资金"] == ["P000", "P001", "P002"]
    assert sum(map(len, asked)) == 16


@pytest.mark.parametrize(
    ("changed", "is_offered"),
    [
        ({"valid_until": "2026-11-22"}, True),
        ({"valid_until": "2026-11-21"}, False),
        ({"valid_from": "2026-11-23"}, False),
        ({"region": "安徽"}, True),
        ({"region": "浙江"}, False),
        ({"maturity_min": 6}, False),
        ({"maturity_max": 5}, True),
        ({"fields": ("电子信息",)}, False),
    ],
)
def test_conditions_decide_what_appears(changed: dict[str, Any], is_offered: bool) -> None:
    assert with_money(resource("P1", "finance", "发酵中试贷款", **changed)) == (
        ["P1"] if is_offered else []
    )


def test_money_is_offered_by_conditions_alone_and_says_so() -> None:
    plan = planned(matchmaker((resource("P1", "finance", "资金池"),)))
    [offer] = next(one for one in plan.help if one.blocker == "缺资金").offers
    assert offer.resource.id == "P1"
    strange = planned(matchmaker((resource("E1", "expert", "斜拉桥索力识别"),)))
    assert offered(strange)["缺人才"] == []


def test_reasons_name_words_that_truly_stand_on_both_sides(engine: Matchmaker) -> None:
    plan = planned(engine)
    pair = "".join((*plan.pair.demand.texts().values(), *plan.pair.achievement.texts().values()))
    offers = [(one.blocker, offer) for one in plan.help for offer in one.offers]
    for blocker, offer in offers:
        theirs = "".join(offer.resource.texts().values())
        words = pair + steering()[blocker] * (offer.resource.kind in GENERAL)
        assert offer.phrases
        assert all(p.text in words and p.text in theirs and p.share > 0 for p in offer.phrases)
        assert sum(p.share for p in offer.phrases) <= offer.score + 1e-6
        assert offer.because.startswith(("与配对都提到“", f"针对“{blocker}”写有“"))


def test_unknown_stages_are_offered_and_marked(engine: Matchmaker) -> None:
    plan = engine.support(demand(**POOR), achievement(**{**EARLY, "maturity": None}), TODAY)
    money = next(one for one in plan.help if one.blocker == "缺资金").offers[0]
    assert money.to_confirm
    assert "需确认" in money.conditions[0].text


def test_equal_ones_come_in_order_of_id_and_two_runs_agree() -> None:
    twins = tuple(resource(f"E{n}", "expert", "发酵工程与代谢调控") for n in (3, 1, 2))
    assert offered(planned(matchmaker(twins)))["缺人才"] == ["E1", "E2", "E3"]
    assert planned(matchmaker()).help == planned(matchmaker()).help


def test_what_vanished_from_the_source_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = matchmaker()
    read = engine.resources.get_many
    monkeypatch.setattr(
        engine.resources,
        "get_many",
        lambda ids: {id_: one for id_, one in read(ids).items() if id_ != "R3"},
    )
    assert offered(planned(engine))["缺人才"] == []


def test_k_is_checked_and_kept(engine: Matchmaker) -> None:
    assert all(len(ids) <= 1 for ids in offered(planned(engine, 1)).values())
    with pytest.raises(InvalidQuery):
        planned(engine, 0)


def test_tables_name_all_blockers_and_every_kind_answers_one() -> None:
    assert tuple(ANSWERS) == BLOCKERS
    assert set(steering()) == set(BLOCKERS)
    assert {kind for kinds in ANSWERS.values() for kind in kinds} == set(RESOURCE_KINDS)
    assert replace(RESOURCES[0], kind="policy").kind in GENERAL


def test_a_policy_has_to_answer_the_blocker_and_figures_are_no_words() -> None:
    """Both policies speak of what the pairing is about, one of them of money as well."""
    policies = (
        resource("G1", "policy", "异亮氨酸发酵产业目录 62.7"),
        resource("G2", "policy", "异亮氨酸发酵补助 62.7"),
    )
    plan = planned(matchmaker(policies))
    [offer] = next(one for one in plan.help if one.blocker == "缺资金").offers
    assert offer.resource.id == "G2"
    assert all(any(map(str.isalpha, phrase.text)) for phrase in offer.phrases)
