"""A strong pairing of the demo's kind, and a handful of resources around it."""

from datetime import date
from functools import cache
from typing import Any

from matcher.engine import Matchmaker
from matcher.library import MemoryLibrary
from matcher.records import Achievement, Demand
from matcher.resources import Resource

TODAY = date(2026, 11, 22)


def achievement(**changed: Any) -> Achievement:
    """A fermentation process on its way to the pilot plant."""
    values: dict[str, Any] = {
        "id": "A1",
        "title": "L-异亮氨酸高产菌株与溶氧分段发酵工艺",
        "abstract": "以谷氨酸棒杆菌为底盘改造前体供给，异亮氨酸产量62.7 g/L，糖酸转化率0.27 g/g。",
        "keywords": ("异亮氨酸", "发酵", "谷氨酸棒杆菌"),
        "provider": "沧澜理工大学（示例）",
        "field": "生物与新医药",
        "maturity": 7,
        "application_state": "产业化应用",
        "ip_kinds": ("发明专利",),
        "ip_status": "已授权",
        "cooperation_modes": ("技术开发", "技术许可"),
        "price_min": 100.0,
        "price_max": 150.0,
        "region": "江苏-无锡",
    }
    return Achievement(**{**values, **changed})


def demand(**changed: Any) -> Demand:
    """What a firm wants of it; by itself it lacks nothing."""
    values: dict[str, Any] = {
        "id": "D1",
        "title": "异亮氨酸发酵糖酸转化率偏低",
        "problem": "我厂用谷氨酸棒杆菌发酵生产异亮氨酸，糖耗高，发酵周期长。",
        "indicators": "发酵周期缩短。",
        "goal": "在现有发酵罐上稳定生产。",
        "keywords": ("异亮氨酸", "发酵"),
        "field": "生物与新医药",
        "maturity_min": 6,
        "budget": 200.0,
        "region": "安徽-蚌埠",
        "solution_mode": "合作研发",
    }
    return Demand(**{**values, **changed})


def resource(id_: str, kind: str, title: str, **changed: Any) -> Resource:
    """A resource for anybody, but for what is given."""
    return Resource(id=id_, kind=kind, title=title, **changed)


RESOURCES = (
    resource(
        "R1",
        "finance",
        "生物制造中试贷",
        summary="面向发酵与生物制造企业的中试放大贷款，信用为主，可贴息。",
        amount_min=50.0,
        amount_max=500.0,
        maturity_min=4,
        maturity_max=8,
    ),
    resource(
        "R2", "finance", "知识产权质押贷款", summary="以专利质押，额度灵活。", amount_max=80.0
    ),
    resource(
        "R3",
        "expert",
        "发酵工程与代谢调控",
        summary="氨基酸发酵溶氧控制、谷氨酸棒杆菌代谢工程，可到厂指导放大。",
        services=("驻厂指导", "工艺放大"),
    ),
    resource("R4", "expert", "桥梁结构健康监测", summary="斜拉索振动监测。"),
    resource(
        "R5",
        "pilot",
        "氨基酸发酵中试平台",
        summary="承接菌株验证与发酵放大。",
        equipment=("5 m³ 发酵罐", "板框压滤机"),
        region="江苏",
        fields=("生物与新医药",),
    ),
    resource("R6", "pilot", "半导体封装中试线", summary="倒装焊与底填。", fields=("电子信息",)),
    resource(
        "R7",
        "scenario",
        "饲料氨基酸生产线开放试用",
        summary="提供一条异亮氨酸发酵产线做首次应用。",
        conditions="须有小试数据。",
    ),
    resource(
        "R8",
        "policy",
        "职务科技成果赋权改革",
        summary="赋予完成人所有权或长期使用权，净收入用于奖励，尽职免责。",
    ),
    resource(
        "R9", "policy", "中试项目补助", summary="对中试放大项目按投入给予补助。", region="安徽"
    ),
    resource("R10", "policy", "首批次新材料保险补贴", summary="首批次保险。", region="广东"),
    resource(
        "R11",
        "finance",
        "科技信用贷",
        summary="科技型企业信用贷款。",
        valid_until="2026-11-21",
    ),
)


def matchmaker(resources: tuple[Resource, ...] = RESOURCES) -> Matchmaker:
    """An engine that knows the two records and these resources."""
    known = _base()
    library = MemoryLibrary(known.representation, resources)
    return Matchmaker(
        known.representation, known.achievements, known.demands, None, resources=library
    )


@cache
def _base() -> Matchmaker:
    """Fitted once; the libraries of the two records are never written to."""
    return Matchmaker.from_records([achievement()], [demand()])
