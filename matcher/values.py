"""The closed lists of domain values, in the words that brokers use."""

from collections.abc import Mapping
from typing import Final

FIELDS: Final = (
    "电子信息",
    "生物与新医药",
    "航空航天",
    "新材料",
    "高技术服务",
    "新能源与节能",
    "资源与环境",
    "先进制造与自动化",
)
"""技术领域: the eight 国家重点支持的高新技术领域."""

INDUSTRIES: Final = (
    "农、林、牧、渔业",
    "采矿业",
    "制造业",
    "电力、热力、燃气及水生产和供应业",
    "建筑业",
    "批发和零售业",
    "交通运输、仓储和邮政业",
    "住宿和餐饮业",
    "信息传输、软件和信息技术服务业",
    "金融业",
    "房地产业",
    "租赁和商务服务业",
    "科学研究和技术服务业",
    "水利、环境和公共设施管理业",
    "居民服务、修理和其他服务业",
    "教育",
    "卫生和社会工作",
    "文化、体育和娱乐业",
    "公共管理、社会保障和社会组织",
    "国际组织",
)
"""应用行业: the twenty sections (门类) of GB/T 4754."""

FORMS: Final = ("新技术", "新工艺", "新产品", "新材料", "新装备", "新品种", "软件系统", "其他")
LEVELS: Final = ("国际领先", "国际先进", "国内领先", "国内先进", "未评价")
APPLICATION_STATES: Final = ("未应用", "试用", "小批量应用", "产业化应用")
PROVEN_LEVELS: Final = LEVELS[:3]
"""Levels that speak for an achievement on their own."""
IP_KINDS: Final = (
    "发明专利",
    "实用新型专利",
    "外观设计专利",
    "软件著作权",
    "集成电路布图设计",
    "植物新品种权",
    "技术秘密",
)
IP_STATES: Final = ("申请中", "已授权")
GRANTED: Final = IP_STATES[1]
COOPERATION_MODES: Final = ("技术开发", "技术转让", "技术许可", "技术咨询", "技术服务", "作价入股")
SOLUTION_MODES: Final = ("独立研发", "委托研发", "合作研发", "其他")

PUBLIC: Final = "public"
BROKERS: Final = "brokers"
CONFIDENTIALITY: Final = {PUBLIC: "公开", BROKERS: "仅经理人可见"}

PENDING: Final = "pending"
PUBLISHED: Final = "published"
RETURNED: Final = "returned"
REVIEW_STATES: Final = {PENDING: "待审核", PUBLISHED: "已发布", RETURNED: "已退回"}
"""Where a demand stands with the brokers."""

STAGES: Final = {
    "proposed": "推荐",
    "contacted": "已联系",
    "negotiating": "洽谈",
    "signed": "签约",
    "converted": "转化",
}
"""The way of a case (对接单), in order."""
ENDED: Final = "ended"
ENDED_NAME: Final = "不合适"
"""Where a case may end from any stage but the last, with a reason."""
REJECTIONS: Final = (
    "尚不成熟",
    "优势不明",
    "商业路径不明",
    "描述不清",
    "领域不符",
    "价格不合",
    "已有方案",
    "其他",
)
"""Why a pairing does not suit."""
CONTRACT_TYPES: Final = ("技术开发", "技术转让", "技术许可", "技术咨询", "技术服务")
"""The five kinds of technology contract (技术合同)."""

DRAFT: Final = "draft"
FINAL: Final = "final"
CALL_STATES: Final = {DRAFT: "草稿", FINAL: "已定稿"}
"""Where an open call (榜单) stands."""

FINANCE: Final = "finance"
EXPERT: Final = "expert"
PILOT: Final = "pilot"
SCENARIO: Final = "scenario"
POLICY: Final = "policy"
RESOURCE_KINDS: Final = {
    FINANCE: "科技金融",
    EXPERT: "人才",
    PILOT: "中试平台",
    SCENARIO: "应用场景",
    POLICY: "政策",
}
"""What resources there are beside achievements and demands."""
CHAIN: Final = ("基础研究", "技术攻关", "成果转化", "科技金融", "人才支撑")
"""The five links of the innovation chain (五位一体)."""
BLOCKERS: Final = ("不敢转", "不愿转", "不会转", "缺资金", "缺人才", "缺场景")
"""What keeps an achievement from being used."""
LIKELIHOODS: Final = {"likely": "较可能", "possible": "可能", "none": "未见迹象"}
"""How far the texts and fields of a pairing speak of a blocker, the most first."""
PATH: Final = ("科学技术化", "技术产品化", "产品产业化", "产业资本化")
"""The four steps from knowledge to capital."""

PROVINCES: Final = (
    "北京",
    "天津",
    "河北",
    "山西",
    "内蒙古",
    "辽宁",
    "吉林",
    "黑龙江",
    "上海",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "广西",
    "海南",
    "重庆",
    "四川",
    "贵州",
    "云南",
    "西藏",
    "陕西",
    "甘肃",
    "青海",
    "宁夏",
    "新疆",
    "香港",
    "澳门",
    "台湾",
)
"""What regions begin with: 江苏 of 江苏-苏州."""

MATURITY_BANDS: Final = (("原理验证", 1, 3), ("样品样机", 4, 6), ("工程与产业化", 7, 9))
"""Name, lowest and highest TRL (1–9) of the three bands in which maturity is shown."""
_BANDS: Final[Mapping[int | None, str]] = {
    maturity: name for name, low, high in MATURITY_BANDS for maturity in range(low, high + 1)
}
MATURE: Final = MATURITY_BANDS[-1][1]
"""The lowest TRL at which an achievement is ready for industry."""

MAX_LONG_TEXT: Final = 500
"""Characters that each long text of the demand form may have."""


def maturity_band(maturity: int | None) -> str:
    """Name the band of a TRL (1–9); an unknown maturity is 未注明."""
    return _BANDS.get(maturity, "未注明")


def written(value: float) -> str:
    """Thousands apart, to the yuan of 万元, no more decimals than were given: 1,200 or 0.5."""
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def in_digits(value: float) -> str:
    """The same as somebody would type it, every digit kept: 1234567.89."""
    return f"{value:.15f}".rstrip("0").rstrip(".") if abs(value) < 1 else f"{value:.15g}"
