"""Every rule of the diagnosis with what must, and with what must not, make it hold."""

from typing import Any

import pytest

from matcher.pairing.evidence import Evidence, Pair
from matcher.pairing.lexicon import rows, spoken
from matcher.pairing.rules import rules
from matcher.pairing.support import Diagnosis, diagnose, diagnosed
from matcher.records import Claim, Pairing, Reason
from matcher.text.normalise import normalised
from matcher.values import BLOCKERS, LIKELIHOODS
from tests.unit.helped import TODAY, achievement, demand

Case = tuple[dict[str, Any], dict[str, Any]]
"""What is different in the demand, and what in the achievement."""


def says(text: str) -> Case:
    """That the demand says this as its problem."""
    return {"problem": text}, {}


def offers(text: str, **more: Any) -> Case:
    """That the achievement says this."""
    return {}, {"abstract": text, **more}


PROMISED = (Claim("含量", "≥98%", None, "unknown"),) * 3
UNMET = (Claim("含量", "≥98%", "95%", "unmet"),)
MET = (Claim("含量", "≥98%", "99%", "met"),)

CASES: dict[str, tuple[list[Case], list[Case]]] = {
    "public_assets": (
        [says("转让涉及国有资产，要上级审批。"), offers("属职务科技成果，须校务会审批。")],
        [says("不涉及国有资产。"), says("无需上级审批。"), says("审批材料用的纸张易潮。")],
    ),
    "fear": (
        [
            says("担心投资收不回来。"),
            says("技术风险较大，领导不敢拍板。"),
            offers("企业担心失败的风险。"),
        ],
        [
            says("不担心失败的风险。"),
            says("该方案可降低投资风险。"),
            says("按高、中、低提示风险等级。"),
            says("用了两年，技术风险可控。"),
            says("设备不怕雷打。"),
        ],
    ),
    "late_for_deadline": (
        [({"maturity_min": 8, "deadline": "2027-05-31"}, {})],
        [({"maturity_min": 8, "deadline": "2028-12-31"}, {}), ({"deadline": "2027-05-31"}, {})],
    ),
    "maturity_gap_large": (
        [({"maturity_min": 8}, {"maturity": 6})],
        [({"maturity_min": 8}, {"maturity": 7}), ({"maturity_min": 8}, {"maturity": None})],
    ),
    "maturity_gap": (
        [({"maturity_min": 8}, {"maturity": 7})],
        [({"maturity_min": 7}, {"maturity": 7}), ({"maturity_min": 8}, {"maturity": 5})],
    ),
    "approval_missing": (
        [offers("尚未取得兽用生物制品批准文号。"), offers("注册检验尚未启动。")],
        [offers("已取得批准文号。"), offers("不是尚未取得批准，而是已获注册证。")],
    ),
    "rights_pending": ([({}, {"ip_status": "申请中"})], [({}, {"ip_status": "已授权"})]),
    "rights_unnamed": ([({}, {"ip_kinds": ()})], [({}, {"ip_kinds": ("发明专利",)})]),
    "shared_rights": (
        [offers("专利由双方共有。"), offers("知识产权归属未明，成果归属尚待协商，权属不清。")],
        [offers("按规则归属未知含氟物。"), offers("权属清晰，不存在共有专利。")],
    ),
    "unfinished": (
        [offers("寿命考核尚未开展。"), offers("下一步拟开展耐候试验。")],
        [offers("寿命考核已经完成。"), offers("不存在尚待突破的问题。")],
    ),
    "secrecy": (
        [says("希望独家使用。"), says("配方不能给外人，须保密。"), says("录像不外传。")],
        [says("非独家也可以。"), says("无须保密。"), says("保温层密实。")],
    ),
    "modes_apart": (
        [({"solution_mode": "合作研发"}, {"cooperation_modes": ("技术转让",)})],
        [
            ({"solution_mode": "合作研发"}, {"cooperation_modes": ("技术转让", "技术服务")}),
            ({"solution_mode": "其他"}, {"cooperation_modes": ("技术转让",)}),
        ],
    ),
    "alone": ([({"solution_mode": "独立研发"}, {})], [({"solution_mode": "合作研发"}, {})]),
    "confidential": ([({"confidentiality": "brokers"}, {})], [({}, {})]),
    "secret_only": (
        [({}, {"ip_kinds": ("技术秘密",)})],
        [({}, {"ip_kinds": ("发明专利", "技术秘密")})],
    ),
    "price_below_expectation": ([({"budget": 99.0}, {})], [({"budget": 100.0}, {})]),
    "experience_missing": (
        [
            says("首次与高校合作，不知道找谁，没有转化经验。"),
            says("不懂如何定价。"),
            offers("没有对接渠道。"),
        ],
        [says("并非首次合作。"), says("首次库仑效率偏低。"), says("已有转化经验。")],
    ),
    "price_unknown": (
        [({}, {"price_min": None, "price_max": None})],
        [({}, {"price_min": None}), ({}, {})],
    ),
    "price_wide": ([({}, {"price_max": 300.0})], [({}, {"price_max": 299.0})]),
    "modes_unnamed": ([({}, {"cooperation_modes": ()})], [({}, {})]),
    "maturity_unknown": ([({}, {"maturity": None})], [({}, {})]),
    "money_short": (
        [
            says("资金紧张，一次性投入太大。"),
            says("正在融资。"),
            says("活性炭换不起，买不起新设备。"),
            offers("缺乏后续资金。"),
        ],
        [
            says("不缺资金。"),
            says("资金不紧张。"),
            says("融资已落实。"),
            says("库存资金减少19%。"),
            says("无需贷款。"),
            says("资金短缺问题已解决。"),
        ],
    ),
    "budget_below_price": (
        [({"budget": 99.0}, {})],
        [({"budget": 100.0}, {}), ({"budget": None}, {}), ({}, {"price_min": None})],
    ),
    "small_budget_large_gap": (
        [({"budget": 99.0, "maturity_min": 9}, {"maturity": 7})],
        [({"budget": 100.0, "maturity_min": 9}, {}), ({"budget": 99.0, "maturity_min": 8}, {})],
    ),
    "no_budget_for_gap": (
        [({"budget": None, "maturity_min": 8}, {})],
        [({"budget": None}, {}), ({"maturity_min": 8}, {})],
    ),
    "budget_unknown": (
        [({"budget": None}, {})],
        [({}, {}), ({"budget": None, "maturity_min": 8}, {})],
    ),
    "pilot_to_pay": (
        [offers("处于实验室阶段。", application_state="未应用")],
        [offers("处于实验室阶段。"), offers("已完成中试。", application_state="未应用")],
    ),
    "people_missing": (
        [says("缺乏研发人员。"), says("厂里没有技术团队。"), says("技术力量薄弱。")],
        [
            says("不缺研发人员。"),
            says("并非没有团队。"),
            says("打磨工招不到。"),
            says("研发人员共三十人。"),
        ],
    ),
    "people_wanted": (
        [says("请派专家驻厂并培训操作人员。"), says("拟委托高校研发。")],
        [says("无需驻厂。"), says("门禁和人员管理。")],
    ),
    "commissioned": ([({"solution_mode": "委托研发"}, {})], [({}, {})]),
    "unfinished_early": ([({}, {"maturity": 3})], [({}, {"maturity": 4})]),
    "scene_wanted": (
        [offers("正在寻求量产合作方。"), offers("需要与具备百立方级罐体的企业合作。")],
        [offers("无需寻找合作方。"), offers("已有三家合作企业。")],
    ),
    "pilot_missing": (
        [
            offers("尚未开展放大试验。", application_state="未应用"),
            offers("目前处于实验室阶段。", application_state="试用"),
            offers("计划建设20 t/d中试线。", application_state=None),
        ],
        [
            offers("已通过中试。", application_state="未应用"),
            offers("已完成500 kg级中试，下一步拟放大。", application_state="未应用"),
            offers("尚未开展放大试验。", application_state="产业化应用"),
            offers("不是没有中试。", application_state="未应用"),
        ],
    ),
    "no_first_user": (
        [({"goal": "要有成功案例。"}, {"application_state": "未应用"})],
        [
            ({"goal": "要有成功案例。"}, {"application_state": "试用"}),
            ({"goal": "不要求有成功案例。"}, {"application_state": "未应用"}),
        ],
    ),
    "trial_not_enough": (
        [({"goal": "技术必须成熟。"}, {"application_state": "试用"})],
        [({"goal": "技术必须成熟。"}, {}), ({}, {"application_state": "试用"})],
    ),
    "not_applied": (
        [({}, {"application_state": "未应用"})],
        [({"goal": "先在两个标段试用。"}, {"application_state": "未应用"}), ({}, {})],
    ),
    "on_trial": (
        [({}, {"application_state": "试用"})],
        [({"goal": "先在两个标段试用。"}, {"application_state": "试用"}), ({}, {})],
    ),
    "pilot_unproven": (
        [({}, {"maturity": 5, "application_state": "未应用"})],
        [
            ({}, {"maturity": 5, "application_state": "试用"}),
            offers("已完成中试。", maturity=5, application_state="未应用"),
            ({}, {"maturity": 7, "application_state": "未应用"}),
        ],
    ),
}
OF_CLAIMS = {
    "indicators_unmet": ([UNMET], [MET, (), PROMISED]),
    "indicators_unanswered": ([PROMISED], [PROMISED[:2], (*PROMISED, *MET), ()]),
}
YES = [(name, case) for name, (holds, _) in CASES.items() for case in holds]
NO = [(name, case) for name, (_, fails) in CASES.items() for case in fails]


def seen(case: Case, claims: tuple[Claim, ...] = ()) -> Diagnosis:
    needed, offered = case
    return diagnosed(Pair(demand(**needed), achievement(**offered), claims), TODAY)


def held(found: Diagnosis) -> set[str]:
    return {finding.rule for blocker in found.blockers for finding in blocker.findings}


@pytest.mark.parametrize(("name", "case"), YES)
def test_a_rule_holds_for_what_it_is_about(name: str, case: Case) -> None:
    [rule] = [rule for rule in rules() if rule.name == name]
    found = seen(case)
    assert name in held(found)
    [finding] = [f for f in found[rule.blocker].findings if f.rule == name]
    assert finding.likelihood == rule.likelihood
    assert finding.evidence


@pytest.mark.parametrize(("name", "case"), NO)
def test_a_rule_does_not_hold_for_what_only_looks_like_it(name: str, case: Case) -> None:
    assert name not in held(seen(case))


@pytest.mark.parametrize("name", OF_CLAIMS)
def test_rules_on_indicators_look_at_their_verdicts(name: str) -> None:
    holds, fails = OF_CLAIMS[name]
    assert all(name in held(seen(({}, {}), claims)) for claims in holds)
    assert not any(name in held(seen(({}, {}), claims)) for claims in fails)


def test_every_rule_is_tried_both_ways_and_only_says_what_may_be() -> None:
    assert {rule.name for rule in rules()} == CASES.keys() | OF_CLAIMS.keys()
    assert len({rule.name for rule in rules()}) == len(rules())
    assert all("可能" in rule.says for rule in rules())
    assert not any(rule.says.endswith("。") for rule in rules())
    blockers = [BLOCKERS.index(rule.blocker) for rule in rules()]
    assert blockers == sorted(blockers)
    assert set(blockers) == set(range(len(BLOCKERS)))


def test_every_sign_in_words_serves_a_rule_and_is_spelt_as_normalised_texts_are() -> None:
    used = {sign for rule in rules() for sign in (*rule.signs, *rule.unless)}
    assert spoken().keys() <= used
    assert all(normalised(sign.words.pattern) == sign.words.pattern for sign in spoken().values())
    assert all(len(row) == 5 for row in rows("rules.txt"))


def test_all_six_are_told_in_order_and_without_a_sign_there_is_none() -> None:
    found = seen(({}, {}))
    assert tuple(blocker.name for blocker in found.blockers) == BLOCKERS
    assert {blocker.likelihood for blocker in found.blockers} == {"none"}
    assert [blocker.label for blocker in found.blockers] == [LIKELIHOODS["none"]] * 6
    assert not any(blocker.findings or blocker.shows for blocker in found.blockers)


def test_the_highest_finding_counts_and_likely_ones_come_first() -> None:
    found = seen(({"budget": None, "problem": "资金紧张。"}, {}))["缺资金"]
    assert found.likelihood == "likely"
    assert [f.rule for f in found.findings] == ["money_short", "budget_unknown"]
    assert seen(({"budget": None}, {}))["缺资金"].likelihood == "possible"


def test_evidence_is_the_clause_as_it_was_written_with_its_place() -> None:
    text = "我厂規模小，資金紧张，一直没有換设备。"
    [finding] = seen(says(text))["缺资金"].findings
    [place] = finding.evidence
    assert place == Evidence("demand", "problem", "資金紧张", (6, 10), (6, 10))
    assert text[slice(*place.span or ())] == place.text
    gap = seen(({"maturity_min": 8}, {}))["不敢转"].findings[0].evidence
    assert [(one.party, one.field, one.text) for one in gap] == [
        ("demand", "maturity_min", "TRL 8"),
        ("achievement", "maturity", "TRL 7"),
    ]


def test_a_long_clause_is_quoted_around_its_words_and_hostile_texts_end_soon() -> None:
    text = "原料" * 200 + "资金紧张" + "设备" * 200
    [place] = seen(says(text))["缺资金"].findings[0].evidence
    assert place.span
    assert place.mark
    assert place.span[0] <= place.mark[0] < place.mark[1] <= place.span[1]
    assert len(place.text) <= 60
    for hostile in ("不" * 5000, "风险" * 2500, "没有" * 2500, "担心" + "x" * 4990):
        assert seen(says(hostile)).blockers


def test_a_ranked_pairing_is_diagnosed_with_its_own_indicators() -> None:
    reason = Reason("", (), UNMET, (), (), {}, None, {}, {})
    found = diagnose(Pairing(1, 0.5, demand(), achievement(), reason), TODAY)
    [place] = found["不敢转"].findings[0].evidence
    assert place.text == "含量 ≥98%，成果写 95%"
