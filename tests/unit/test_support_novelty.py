"""Policies on first sets of equipment and first batches of materials, and whom they are for."""

import pytest

from matcher.engine import Matchmaker
from matcher.pairing.conditions import Need, fits, is_excluded
from matcher.pairing.lexicon import novelty
from matcher.pairing.novelty import is_for_first_ones, may_be_first
from matcher.records import Achievement
from matcher.text.normalise import normalised
from tests.unit.helped import TODAY, achievement, demand, matchmaker, resource

INSURANCE = resource(
    "P1",
    "policy",
    "首台（套）重大技术装备、首批次新材料保险补偿",
    summary="由保险公司承保质量风险和责任风险，给予保费补偿。",
)


@pytest.mark.parametrize(
    "title",
    [
        "双能X射线透射矿石智能预选抛废成套装备",
        "赤藻糖醇基复合相变材料谷电蓄热供能装置",
        "机场道面裂缝与错台病害智能巡检机器人",
        "向心透平有机朗肯循环发电机组",
        "复叠-闪蒸耦合高温热泵制取工业蒸汽成套技术",
        "毫米波雷达与光电联动的跑道外来物探测系统",
        "全自动卷对卷涂布机",
        "车规功率模块低压烧结铜银互连材料与工艺",
        "水性环氧低锌防腐底漆的制备",
        "免热处理高强韧压铸合金",
        "全生物降解高阻隔农用地膜",
    ],
)
def test_equipment_and_materials_may_be_first_ones_until_they_are_made_in_series(
    title: str,
) -> None:
    for state in ("未应用", "试用", "小批量应用", None):
        assert may_be_first(demand(), achievement(title=title, application_state=state))
    assert not may_be_first(demand(), achievement(title=title, application_state="产业化应用"))


@pytest.mark.parametrize(
    "title",
    [
        "L-异亮氨酸高产菌株与溶氧分段发酵工艺",
        "产肠毒素大肠杆菌特异性卵黄抗体的制备与口服递送",
        "车载多模态路面病害快速巡检与养护决策技术",
        "检索增强大语言模型的装备维修知识问答系统",
        "数控车磨机床主轴热误差建模及实时补偿技术",
        "涡扇发动机滑油静电监测与主轴承早期故障预警",
        "退役三元正极材料深共晶溶剂直接修复再生方法",
        "复合材料构件疲劳寿命多尺度仿真平台",
        "服务机器人学习算法",
    ],
)
def test_methods_software_and_living_things_are_no_first_set(title: str) -> None:
    made = achievement(title=title, application_state="试用")
    assert not may_be_first(demand(goal="要可靠，不做首台。"), made)
    assert may_be_first(demand(goal="想申报首台（套）。"), made)
    assert may_be_first(demand(problem="首批次应用没人敢用。"), made)


@pytest.mark.parametrize(
    ("kind", "title", "is_one"),
    [
        ("policy", INSURANCE.title, True),
        ("policy", "江苏省首台（套）重大装备认定", True),
        ("policy", "首臺（套）重大技術裝備保險補償", True),
        ("policy", "重点新材料首批次应用奖励", True),
        ("policy", "浙江省验证中心与首台套奖励", False),
        ("policy", "研发费用税前加计扣除", False),
        ("finance", "科技保险·首台（套）装备综合险", False),
    ],
)
def test_only_policies_that_name_first_sets_are_for_them_alone(
    kind: str, title: str, is_one: bool
) -> None:
    assert is_for_first_ones(resource("P", kind, title)) == is_one


def test_whether_it_is_in_the_catalogue_has_to_be_confirmed() -> None:
    [asked] = fits(INSURANCE, Need(TODAY, may_be_first=True))
    assert (asked.name, asked.state) == ("novelty", "unknown")
    assert "需确认" in asked.text
    assert is_excluded(fits(INSURANCE, Need(TODAY)))


def test_it_is_offered_for_a_first_machine_and_not_for_a_process() -> None:
    engine = matchmaker((INSURANCE,))
    machine = achievement(title="全自动发酵补料装置", application_state="未应用")
    process = achievement(application_state="未应用")
    assert ids(engine, machine) == ["P1"]
    assert ids(engine, process) == []


def ids(engine: Matchmaker, made: Achievement) -> list[str]:
    plan = engine.support(demand(problem="怕失败，担心质量责任。"), made, TODAY)
    return [offer.resource.id for one in plan.help for offer in one.offers]


def test_the_words_are_spelt_as_normalised_texts_are() -> None:
    assert novelty().keys() == {"policy", "achievement", "demand"}
    assert all(normalised(words.pattern) == words.pattern for words in novelty().values())
