"""Which signs speak of which blocker: one table, read by ``support.diagnose`` and the documents.

A rule says what may be, never what is. It holds if all of its signs are found and none of those
that speak against it. docs/诊断规则.md is made from this table.
"""

from typing import Final, NamedTuple

from matcher.values import BLOCKERS

FEAR, WILL, SKILL, MONEY, PEOPLE, SCENE = BLOCKERS
LIKELY: Final = "likely"
POSSIBLE: Final = "possible"
NONE: Final = "none"


class Rule(NamedTuple):
    """``signs`` that all have to be found, ``unless`` of which none may be, and what they mean.

    ``says`` is a sentence without its full stop; what it rests on is shown beside it.
    """

    name: str
    blocker: str
    likelihood: str
    signs: tuple[str, ...]
    says: str
    unless: tuple[str, ...] = ()


_PROVEN: Final = ("pilot_done", "applied")

RULES: Final = (
    Rule("public_assets", FEAR, LIKELY, ("public_assets",), "涉及国有资产或审批，决策可能较谨慎"),
    Rule("fear", FEAR, LIKELY, ("fear",), "文中说到风险，可能有人不敢拍板"),
    Rule(
        "indicators_unmet",
        FEAR,
        LIKELY,
        ("indicators_unmet",),
        "有指标还达不到要求，企业可能不敢采用",
    ),
    Rule(
        "late_for_deadline",
        FEAR,
        LIKELY,
        ("maturity_gap", "pressing"),
        "成熟度还差一截而期限已近，按期完成可能没有把握",
    ),
    Rule(
        "maturity_gap_large",
        FEAR,
        LIKELY,
        ("maturity_gap_large",),
        "成熟度比要求低两级以上，技术上的不确定可能较多",
    ),
    Rule(
        "maturity_gap",
        FEAR,
        POSSIBLE,
        ("maturity_gap",),
        "成熟度低于要求，中间的一段可能没有人愿意先担",
        ("maturity_gap_large",),
    ),
    Rule(
        "approval_missing",
        FEAR,
        POSSIBLE,
        ("approval_missing",),
        "批准、注册或认证还没有拿到，能否上市可能说不准",
    ),
    Rule(
        "rights_pending",
        FEAR,
        POSSIBLE,
        ("rights_pending",),
        "知识产权还在申请，权利范围可能有变",
    ),
    Rule(
        "rights_unnamed",
        FEAR,
        POSSIBLE,
        ("rights_unnamed",),
        "没有写明知识产权，权利归谁可能要先查清",
    ),
    Rule(
        "shared_rights",
        FEAR,
        POSSIBLE,
        ("shared_rights",),
        "权利可能不归一家，签约前可能要各方同意",
    ),
    Rule(
        "indicators_unanswered",
        FEAR,
        POSSIBLE,
        ("indicators_unanswered",),
        "要求的指标成果都没有写明，企业可能难以判断",
    ),
    Rule(
        "unfinished",
        FEAR,
        POSSIBLE,
        ("unfinished",),
        "成果自己写明还有限制或没做完的工作，可能要先验证",
    ),
    Rule("secrecy", WILL, LIKELY, ("secrecy",), "有一方要保密或独占，合作方式可能要先谈拢"),
    Rule(
        "modes_apart",
        WILL,
        LIKELY,
        ("modes_apart",),
        "企业想一起研发，成果方只列了转让或许可，双方的意愿可能不同",
    ),
    Rule("alone", WILL, POSSIBLE, ("alone",), "企业打算独立研发，可能不愿引进"),
    Rule(
        "confidential",
        WILL,
        POSSIBLE,
        ("confidential",),
        "企业不公开这条需求，可能要先签保密协议才愿意谈",
    ),
    Rule(
        "secret_only",
        WILL,
        POSSIBLE,
        ("secret_only",),
        "只以技术秘密保护，成果方可能不愿先交底",
    ),
    Rule(
        "price_below_expectation",
        WILL,
        POSSIBLE,
        ("budget_below_price",),
        "预算低于报价，成果方可能觉得不值",
    ),
    Rule(
        "experience_missing",
        SKILL,
        LIKELY,
        ("experience_missing",),
        "文中说到没有转化的经验或渠道，可能要有人带着走",
    ),
    Rule("price_unknown", SKILL, POSSIBLE, ("price_unknown",), "没有报价，定价可能要有人帮着算"),
    Rule("price_wide", SKILL, POSSIBLE, ("price_wide",), "报价的上下限相差很大，定价可能还没有谈清"),
    Rule(
        "modes_unnamed",
        SKILL,
        POSSIBLE,
        ("modes_unnamed",),
        "没有写明合作方式，怎么合作可能还没有想好",
    ),
    Rule(
        "maturity_unknown",
        SKILL,
        POSSIBLE,
        ("maturity_unknown",),
        "没有写明成熟度，还差哪几步可能要先评估",
    ),
    Rule("money_short", MONEY, LIKELY, ("money_short",), "文中说到钱紧或要融资，资金可能不够"),
    Rule("budget_below_price", MONEY, LIKELY, ("budget_below_price",), "预算低于报价，差额可能没有着落"),
    Rule(
        "small_budget_large_gap",
        MONEY,
        LIKELY,
        ("maturity_gap_large", "budget_small"),
        "成熟度差得多而预算小，后续研发的钱可能不够",
    ),
    Rule(
        "no_budget_for_gap",
        MONEY,
        LIKELY,
        ("maturity_gap", "budget_unknown"),
        "成熟度还差一截而没有写明预算，这一段由谁出钱可能没有定",
    ),
    Rule(
        "budget_unknown",
        MONEY,
        POSSIBLE,
        ("budget_unknown",),
        "没有写明预算，资金可能还没有落实",
        ("maturity_gap",),
    ),
    Rule(
        "pilot_to_pay",
        MONEY,
        POSSIBLE,
        ("pilot_missing",),
        "中试或放大还没有做，这笔投入可能不在预算之内",
        ("applied",),
    ),
    Rule("people_missing", PEOPLE, LIKELY, ("people_missing",), "文中说到缺人，接手的力量可能不够"),
    Rule(
        "people_wanted",
        PEOPLE,
        POSSIBLE,
        ("people_wanted",),
        "企业要有人来教或代为研发，可能缺少懂行的人",
    ),
    Rule(
        "commissioned",
        PEOPLE,
        POSSIBLE,
        ("commissioned",),
        "企业打算委托研发，自己的研发力量可能有限",
    ),
    Rule(
        "unfinished_early",
        PEOPLE,
        POSSIBLE,
        ("maturity_early",),
        "成果还在原理验证，可能要补工程化的人手",
    ),
    Rule(
        "scene_wanted",
        SCENE,
        LIKELY,
        ("scene_wanted",),
        "成果方在找合作方或能试的地方",
    ),
    Rule(
        "pilot_missing",
        SCENE,
        LIKELY,
        ("pilot_missing",),
        "成果还没有中试或现场验证，可能缺一个能放大、能试的地方",
        _PROVEN,
    ),
    Rule(
        "no_first_user",
        SCENE,
        LIKELY,
        ("not_applied", "references_wanted"),
        "企业要看应用实例，成果还没有用户",
    ),
    Rule(
        "trial_not_enough",
        SCENE,
        POSSIBLE,
        ("on_trial", "references_wanted"),
        "企业要看应用实例，成果只在试用，可能还要一家示范用户",
    ),
    Rule(
        "not_applied",
        SCENE,
        POSSIBLE,
        ("not_applied",),
        "成果还没有应用，可能缺第一家用户",
        ("references_wanted", "trial_offered"),
    ),
    Rule(
        "on_trial",
        SCENE,
        POSSIBLE,
        ("on_trial",),
        "成果只在试用，推广前可能还要一家示范用户",
        ("references_wanted", "trial_offered"),
    ),
    Rule(
        "pilot_unproven",
        SCENE,
        POSSIBLE,
        ("maturity_middle",),
        "成熟度在样品样机阶段而文中没有说到中试或示范，可能还要一轮验证",
        ("pilot_done", "pilot_missing", "on_trial", "applied"),
    ),
)
"""All rules, by blocker in the order of ``values.BLOCKERS``, the likely ones first."""
