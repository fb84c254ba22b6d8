"""What is read out of technical prose, case by case, and what is left alone."""

import pytest

from matcher.text.quantities import Quantity, quantities

HOUR, DAY, YEAR = 3600.0, 86400.0, 31557600.0

VALUES = [
    # text, property, low, high, unit
    ("抗冲击韧性≥67%", "抗冲击韧性", 67, None, "%"),
    ("堆积密度不低于1.80克/立方厘米", "堆积密度", 1800, None, "克/立方厘米"),
    ("5t/h", "", 5000 / HOUR, 5000 / HOUR, "t/h"),
    ("100/120目", "", 100, 120, "目"),
    ("耐温-40~120℃", "耐温", -40, 120, "℃"),
    ("两年内", "", None, 2 * YEAR, "年"),
    ("三百万元", "", 3e6, 3e6, "元"),
    ("IP67", "防护等级", 67, 67, "IP"),
    ("3～15t", "", 3000, 15000, "t"),
    ("1,000 mg/L", "", 1, 1, "mg/L"),
    ("4.0×10⁻³ Pa", "", 0.004, 0.004, "Pa"),
    ("10^5 次", "", 1e5, 1e5, "次"),
    ("10⁵ 次", "", 1e5, 1e5, "次"),
    ("COD≤50mg/L", "COD", None, 0.05, "mg/L"),
    ("厚度：0.1mm-0.5mm", "厚度", 1e-4, 5e-4, "mm"),
    ("误差±0.5%", "误差", -0.5, 0.5, "%"),
    ("耐高温1700度以上", "耐高温", 1700, None, "度"),
    ("重复使用破损率3%以下", "破损率", None, 3, "%"),
    ("大于等于99.9%", "", 99.9, None, "%"),
    ("不超过5分钟", "", None, 300, "分钟"),
    ("至少3000小时", "", 3000 * HOUR, None, "小时"),
    ("约200nm", "", 2e-7, 2e-7, "nm"),
    ("提高到95%", "", 95, 95, "%"),
    ("六方相到立方相的转变在73%以上", "转变", 73, None, "%"),
    ("500-800元/吨", "", 0.5, 0.8, "元/吨"),
    ("功率100kW左右", "功率", 1e5, 1e5, "kW"),
    ("pH 6~9", "pH", 6, 9, "pH"),
    ("出水pH值为6.5~8.5", "出水pH", 6.5, 8.5, "pH"),
    ("循环寿命超过2000次", "循环寿命", 2000, None, "次"),
    ("零下40度", "", -40, -40, "度"),
    ("投资1.5亿元", "投资", 1.5e8, 1.5e8, "元"),
    ("50个", "", 50, 50, "个"),
    ("2路", "", 2, 2, "路"),
    # the name stands behind
    ("1700度以上的耐温性", "耐温性", 1700, None, "度"),
    ("5t/h 处理量", "处理量", 5000 / HOUR, 5000 / HOUR, "t/h"),
    ("100/120目粒度", "粒度", 100, 120, "目"),
    # full width
    ("ＣＯＤ≤５０ｍｇ／Ｌ", "ＣＯＤ", None, 0.05, "ｍｇ／Ｌ"),
    ("１，０００ｍｇ／Ｌ", "", 1, 1, "ｍｇ／Ｌ"),
    ("纯度≥９９．５％", "纯度", 99.5, None, "％"),
    # Chinese numerals and shares
    ("去除率九成以上", "去除率", 90, None, "%"),
    ("跌倒检出率九成五以上", "跌倒检出率", 95, None, "%"),
    ("漏检千分之一以下", "漏检", None, 1, "‰"),
    ("合格率达到百分之九十八", "合格率", 98, 98, "%"),
    ("单袋成本六百元以内", "单袋成本", None, 600, "元"),
    ("盐雾一千小时", "盐雾", 1000 * HOUR, 1000 * HOUR, "小时"),
    ("换型不超过半小时", "换型", None, 1800, "小时"),
    ("两百公斤", "", 200, 200, "公斤"),
    ("单款查询成本5分钱以内", "单款查询成本", None, 0.05, "分钱"),
    # comparisons
    ("漏检率<0.1%", "漏检率", None, 0.1, "%"),
    ("温度不得高于260 ℃", "温度", None, 260, "℃"),
    ("误差别超过8%", "误差", None, 8, "%"),
    ("基站间距不小于80米", "基站间距", 80, None, "米"),
    ("导热系数≥180 W/(m·K)", "导热系数", 180, None, "W/(m·K)"),
    ("导热系数≥180W/m·K", "导热系数", 180, None, "W/m·K"),
    ("综合精度优于±0.25%FS", "综合精度", -0.25, 0.25, "%FS"),
    ("含量波动(RSD)压到5%以内", "含量波动", None, 5, "%"),
    ("末端出水COD稳定在60 mg/L以下", "末端出水COD", None, 0.06, "mg/L"),
    ("累计试验900余次", "试验", 900, None, "次"),
    # ranges and tolerances
    ("孔径0.3～0.8 mm", "孔径", 3e-4, 8e-4, "mm"),
    ("投资3~5万元", "投资", 30000, 50000, "元"),
    ("保存温度120~-40℃", "保存温度", -40, 120, "℃"),
    ("温度1700±5℃", "温度", 1695, 1705, "℃"),
    ("长5到7天", "", 5 * DAY, 7 * DAY, "天"),
    ("回收率80%~120%", "回收率", 80, 120, "%"),
    ("频率15～2 000 Hz", "频率", 15, 2000, "Hz"),
    # units
    ("硬度HRC58以上", "硬度", 58, None, "HRC"),
    ("粗糙度Ra0.4μm以内", "粗糙度Ra", None, 4e-7, "μm"),
    ("色差小于3，", "色差", None, 3, ""),
    ("折弯角20度以上", "折弯角", 20, None, "度"),
    ("每吨汽耗电低于280度", "每吨汽耗电", None, 280 * 3.6e6, "度"),
    ("产汽量每小时2~3吨", "产汽量", 2000 / HOUR, 3000 / HOUR, "吨/小时"),
    ("剪切强度46 MPa", "剪切强度", 46e6, 46e6, "MPa"),
    ("粘度35 mPa·s以下", "粘度", None, 0.035, "mPa·s"),
    ("小分子硅氧烷低于100 ppm", "小分子硅氧烷", None, 0.01, "ppm"),
    ("隔声5 dB", "隔声", 5, 5, "dB"),
    ("转速3000转/分钟", "转速", 50, 50, "转/分钟"),
    ("年产能10万吨/年", "年产能", 1e8 / YEAR, 1e8 / YEAR, "吨/年"),
    ("非易失存储容量不小于256 MB", "非易失存储容量", 2.048e9, None, "MB"),
    ("比容量150mAh/g", "比容量", 540000, 540000, "mAh/g"),
    ("处理量5T/H", "处理量", 5000 / HOUR, 5000 / HOUR, "T/H"),
    # noise around it
    ("2018年度实现销售收入2002万元", "销售收入", 2.002e7, 2.002e7, "元"),
    ("准时交付率从78%提高到93%", "准时交付率", 93, 93, "%"),
    ("腹泻发生率由21.4%降至7.1%", "腹泻发生率", 7.1, 7.1, "%"),
    ("回收率从现在的73%提到82%以上", "回收率", 82, None, "%"),
    ("处理后COD为40mg/L", "COD", 0.04, 0.04, "mg/L"),
    ("响应时间≤10ms", "响应时间", None, 0.01, "ms"),
    ("糖酸转化率一直徘徊在38%上下", "糖酸转化率一直徘徊", 38, 38, "%"),
    ("10^99 kg", "", 1e99, 1e99, "kg"),
]


@pytest.mark.parametrize(("text", "name", "low", "high", "unit"), VALUES)
def test_one_quantity_is_read(
    text: str, name: str, low: float | None, high: float | None, unit: str
) -> None:
    found = quantities(text)
    assert len(found) == 1
    quantity = found[0]
    assert (quantity.property, quantity.unit, quantity.kind) == (name, unit, "value")
    assert (quantity.low, quantity.high) == (
        pytest.approx(low) if low is not None else None,
        pytest.approx(high) if high is not None else None,
    )


@pytest.mark.parametrize(
    ("text", "name", "kind", "low", "high"),
    [
        ("成本降低20%以上", "成本", "decrease", 20, None),
        ("提高30%", "", "increase", 30, 30),
        ("拔出力提高50%以上", "拔出力", "increase", 50, None),
        ("换模次数降15%以上", "换模次数", "decrease", 15, None),
        ("冰袋重量降两成", "冰袋重量", "decrease", 20, 20),
        ("每吨料成本增加不超过60元", "每吨料成本", "increase", None, 60),
        ("能耗下降了约12%", "能耗", "decrease", 12, 12),
    ],
)
def test_a_change_is_no_level(
    text: str, name: str, kind: str, low: float | None, high: float | None
) -> None:
    (found,) = quantities(text)
    assert (found.property, found.kind, found.low, found.high) == (name, kind, low, high)


@pytest.mark.parametrize(
    "text",
    [
        *("", "≥", "零", "1e400 kg", "1.2.3%", "2024年10月15日", "电话13800001111", "5G", "4K显示"),
        *("GB/T 4754-2017", "1、高效", "（2）制备", "Fe3O4", "PVDF-HFP 3.5", "三元材料", "六方相"),
        *(
            "一次成型",
            "第3年",
            "S7comm与DNP3",
            "误码率低于10的负9次方",
            "强度≥900 N/5cm",
            "比例1∶25",
        ),
        *("连接面积不小于50 mm×50 mm", "YC-17与TC4", "IEC 61400-23", "1/11", "1080P视频", "十几度"),
        *(
            "等保三级",
            "一体化",
            "两三年",
            "几百次",
            "亿亿八成",
            "二零二四年",
            "透过率≤0.5 L/(m²·24h)",
            "9" * 5000,
        ),
    ],
)
def test_nothing_is_read_from(text: str) -> None:
    assert quantities(text) == []


def test_dimensions_that_differ_make_no_range() -> None:
    assert [(q.low, q.high, q.unit) for q in quantities("5kg~3m")] == [
        (5, 5, "kg"),
        (3, 3, "m"),
    ]


@pytest.mark.parametrize(
    ("text", "present"),
    [
        ("总镍还在0.4~0.9 mg/L之间", True),
        ("含水率还有约78%", True),
        ("转化率一直徘徊在38%上下", True),
        ("一次通过率只有 86%", True),
        ("总镍≤0.1 mg/L", False),
        ("合格率稳定在98%", False),
        ("容量保持率仍有92%", False),
        ("只有一条产线，良率95%", False),
    ],
)
def test_what_is_so_by_now_is_told_from_what_is_wanted(text: str, present: bool) -> None:
    [*_, found] = quantities(text)
    assert found.is_present is present


def test_open_and_closed_bounds_are_told_apart() -> None:
    above, below, closed = (quantities(t)[0] for t in ("强度>5MPa", "强度低于5MPa", "强度≥5MPa"))
    assert (above.low_open, above.high_open) == (True, False)
    assert (below.low_open, below.high_open) == (False, True)
    assert (closed.low_open, closed.high_open) == (False, False)


def test_the_form_is_visible() -> None:
    texts = ("厚5mm", "厚≥5mm", "厚≤5mm", "厚5~6mm")
    assert [q.form for t in texts for q in quantities(t)] == [
        "value",
        "at least",
        "at most",
        "interval",
    ]


def test_a_sentence_yields_its_indicators_in_order() -> None:
    text = "外径22~75 mm套圈；漏检不超过0.2%，误判3%以内；节拍1.5秒一件；不良样品不多于50件。"
    found = quantities(text)
    assert [(q.property, q.text) for q in found] == [
        ("外径", "22~75 mm"),
        ("漏检", "不超过0.2%"),
        ("误判", "3%以内"),
        ("节拍", "1.5秒"),
        ("不良样品", "不多于50件"),
    ]
    assert all(text[slice(*q.span)] == q.text for q in found)


def test_the_same_measure_in_two_writings_is_the_same_number() -> None:
    pairs = [
        ("密度1.8g/cm3", "密度1800kg/m³"),
        ("水温40℃", "水温４０摄氏度"),
        ("收入2000万元", "收入0.2亿元"),
    ]
    for one, other in pairs:
        first, second = quantities(one)[0], quantities(other)[0]
        assert _measure(first) == _measure(second)


def test_capitals_tell_milli_from_mega() -> None:
    assert [q.low for q in quantities("功率5mW，功率5MW")] == [0.005, 5e6]


def _measure(quantity: Quantity) -> tuple[float | None, float | None, str]:
    return quantity.low, quantity.high, quantity.dimension
