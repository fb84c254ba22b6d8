"""What speaks against a pairing, and the indicators that it is read from."""

import time
from collections.abc import Sequence

import pytest

from matcher import Achievement, Demand, TfidfRepresentation
from matcher.pairing import claims as claims_module
from matcher.pairing.claims import agreement, claims
from matcher.pairing.objections import missing_words, objections, weightiest
from matcher.ranking.side import Cut, cut
from matcher.records import Claim


def offer(**values: object) -> Achievement:
    return Achievement(**({"id": "a", "title": "膜曝气"} | values))  # type: ignore[arg-type]


def need(**values: object) -> Demand:
    return Demand(**({"id": "d"} | values))  # type: ignore[arg-type]


def claims_of(demand: Demand, achievement: Achievement) -> tuple[Claim, ...]:
    (found,) = claims([(demand, achievement)])
    return found


MET = Claim("纯度", "≥95%", "99%", "met")
UNMET = Claim("COD", "≤50 mg/L", "80 mg/L", "unmet")
UNKNOWN = Claim("厚度", "≥5 mm", None, "unknown")


# Objections


def test_where_nothing_speaks_against_a_pairing_nothing_is_said() -> None:
    assert objections(need(), offer(), (), ()) == ()
    assert objections(need(), offer(), (MET, UNKNOWN), ()) == ()


def test_an_indicator_that_is_not_met_is_named_with_both_values() -> None:
    assert objections(need(), offer(), (MET, UNMET, UNKNOWN), ()) == (
        "指标未达：COD要求“≤50 mg/L”，成果写的是“80 mg/L”。",
    )


@pytest.mark.parametrize(
    ("wanted", "offered", "said"),
    [
        (6, 4, ("成熟度不足：需求要求 TRL 6 以上，成果为 TRL 4。",)),
        (6, 6, ()),
        (6, 9, ()),
        (None, 1, ()),
        (9, None, ()),
    ],
)
def test_immaturity(wanted: int | None, offered: int | None, said: tuple[str, ...]) -> None:
    assert objections(need(maturity_min=wanted), offer(maturity=offered), (), ()) == said


@pytest.mark.parametrize(
    ("budget", "price", "said"),
    [
        (100.0, 120.5, ("报价高于预算：成果 120.5 万元起，预算 100 万元。",)),
        (100, 100, ()),
        (100.0, 50.0, ()),
        (None, 50.0, ()),
        (100.0, None, ()),
        (0.0, 0.5, ("报价高于预算：成果 0.5 万元起，预算 0 万元。",)),
        (0.0, 0.0, ()),
        (100_000.0, 200_000.0, ("报价高于预算：成果 200,000 万元起，预算 100,000 万元。",)),
    ],
)
def test_price_and_budget(budget: float | None, price: float | None, said: tuple[str, ...]) -> None:
    found = objections(need(budget=budget), offer(price_min=price, price_max=1e6), (), ())
    assert found == said


def test_a_price_of_seven_digits_is_written_in_full() -> None:
    [said] = objections(need(budget=1_234_567.0), offer(price_min=1_234_568.0), (), ())
    assert said == "报价高于预算：成果 1,234,568 万元起，预算 1,234,567 万元。"


@pytest.mark.parametrize(
    ("wanted", "offered", "said"),
    [
        ("新材料", "电子信息", ("技术领域不同：需求属“新材料”，成果属“电子信息”。",)),
        ("新材料", "新材料", ()),
        (None, "新材料", ()),
        ("新材料", None, ()),
        ("", "新材料", ()),
    ],
)
def test_another_field(wanted: str | None, offered: str | None, said: tuple[str, ...]) -> None:
    assert objections(need(field=wanted), offer(field=offered), (), ()) == said


def test_words_that_are_not_mentioned_are_named() -> None:
    assert objections(need(), offer(), (), ["提锂", "黑粉"]) == ("成果没有提到：提锂、黑粉。",)


def test_the_hardest_objection_comes_first() -> None:
    demand = need(field="新材料", maturity_min=6, budget=10.0)
    achievement = offer(field="电子信息", maturity=3, price_min=20.0)
    found = objections(demand, achievement, (UNMET, UNMET), ["提锂"])
    begins = [sentence.split("：")[0] for sentence in found]
    assert begins == [
        *("指标未达", "指标未达"),
        *("成熟度不足", "报价高于预算", "技术领域不同", "成果没有提到"),
    ]


# Missing words


@pytest.mark.parametrize(
    ("important", "present", "missing"),
    [
        ([], "甲", []),
        (["甲", "乙"], "甲\0乙", []),
        (["甲", "乙", "丙"], "乙", ["甲", "丙"]),
        (["甲乙", "丙"], "甲\0乙丙", ["甲乙"]),
        (["甲", "乙", "丙", "丁", "戊"], "", ["甲", "乙", "丙"]),
        (["甲", "乙", "丙", "丁", "戊"], "甲\0丙", ["乙", "丁", "戊"]),
    ],
)
def test_the_first_three_that_are_missing(
    important: Sequence[str], present: str, missing: list[str]
) -> None:
    assert missing_words(important, present) == missing


@pytest.fixture(scope="module")
def representation() -> TfidfRepresentation:
    return TfidfRepresentation().fit([])


def weightiest_of(representation: TfidfRepresentation, taken: Cut) -> list[str]:
    columns = representation.columns(taken.written.terms)
    return weightiest(taken, representation.idf_[columns])


@pytest.mark.parametrize(
    ("demand", "words"),
    [
        (need(title="膜曝气脱氮", problem="提锂"), {"曝气", "脱氮", "膜曝气"}),
        (need(keywords=("提锂",), problem="氨氮"), {"提锂"}),
        (need(problem="黑粉提锂"), {"黑粉", "提锂"}),
        (need(title="神经网络"), {"神经网络"}),  # not what lies inside of it
        (need(title="PV-3000型"), {"pv-3000"}),
        (need(title="浓度5 mg/L达99.5%或12"), {"浓度"}),  # neither quantities nor numbers
        (need(title="膜"), set()),  # a single character tells too little
        (need(), set()),
    ],
)
def test_the_weightiest_words_are_those_of_title_and_keywords_if_there_are_any(
    representation: TfidfRepresentation, demand: Demand, words: set[str]
) -> None:
    found = weightiest_of(representation, cut(representation, demand.texts()))
    assert set(found) <= words
    assert bool(found) == bool(words)


def test_the_weightiest_words_are_the_five_of_the_highest_idf(
    representation: TfidfRepresentation,
) -> None:
    title = "基于神经网络的印染废水氨氮在线检测与膜曝气技术研究及其应用"
    taken = cut(representation, {"title": title})
    found = weightiest_of(representation, taken)
    assert len(found) == 5
    idf = [representation.idf_[representation.vocabulary_[word]] for word in found]
    assert idf == sorted(idf, reverse=True)
    others = {
        t.term for t in taken.fields["title"].tokens() if t.kind == "word"
    } & taken.units - set(found)
    assert others
    assert max(representation.idf_[representation.vocabulary_[w]] for w in others) <= min(idf)


# Indicators


def test_indicators_are_taken_from_the_texts_unmet_ones_first() -> None:
    demand = need(indicators="纯度≥95%，COD≤50mg/L，厚度≥5mm")
    achievement = offer(abstract="纯度99%，出水COD为80mg/L。")
    assert claims_of(demand, achievement) == (
        Claim("COD", "≤50mg/L", "80mg/L", "unmet"),
        Claim("纯度", "≥95%", "99%", "met"),
        Claim("厚度", "≥5mm", None, "unknown"),
    )
    for claim in claims_of(demand, achievement):
        assert claim.required in demand.indicators
        assert claim.claimed is None or claim.claimed in achievement.abstract


def test_what_only_the_problem_mentions_is_left_out_where_the_achievement_is_silent() -> None:
    demand = need(problem="纯度≥95%，厚度≥5mm", goal="固含量≥40%")
    assert claims_of(demand, offer(abstract="纯度99%")) == (
        Claim("纯度", "≥95%", "99%", "met"),
        Claim("固含量", "≥40%", None, "unknown"),
    )


def test_without_a_requirement_nothing_is_compared() -> None:
    assert claims_of(need(problem="氨氮超标"), offer(abstract="纯度99%")) == ()
    assert claims_of(need(), offer()) == ()


@pytest.mark.parametrize(
    ("found", "value"),
    [
        ((MET,), 1.0),
        ((UNMET,), -1.0),
        ((MET, UNMET), 0.0),
        ((MET, MET, UNMET), 1 / 3),
        ((MET, UNKNOWN, UNKNOWN), 1.0),
        ((UNKNOWN,), float("nan")),
        ((), float("nan")),
    ],
)
def test_agreement(found: Sequence[Claim], value: float) -> None:
    assert agreement(found) == pytest.approx(value, nan_ok=True)


PROPERTIES = [
    *("纯度", "回收率", "去除率", "转化率", "效率", "准确率", "合格率"),
    *("良品率", "利用率", "湿度", "孔隙率", "固含量"),
]


def test_indicators_that_are_not_shown_count_all_the_same() -> None:
    demand = need(indicators="；".join([f"{p}≥90%" for p in PROPERTIES] + ["误差≤1%", "厚度≥5mm"]))
    achievement = offer(
        abstract="；".join([f"{p}80%" for p in PROPERTIES] + ["误差±0.1%；厚度6mm"])
    )
    assert agreement(claims_of(demand, achievement)) == pytest.approx((2 - 12) / 14)


def test_a_text_is_read_for_quantities_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    quantities = claims_module.quantities

    def counted(text: str) -> object:
        read.extend([text] if text else [])
        return quantities(text)

    monkeypatch.setattr(claims_module, "quantities", counted)
    claims_module._quantities.cache_clear()
    claims_module._requirements.cache_clear()
    demand = need(indicators="纯度≥95%", problem="成本高")
    offers = [offer(abstract=f"纯度{90 + number}%") for number in range(9)]
    for _ in range(3):
        for achievement in offers:
            claims_of(demand, achievement)
    claims_module._quantities.cache_clear()
    assert len(read) == len(set(read))
    assert len(read) <= 5 + 9 + 2  # the fields of the demand, the abstracts, title and keywords


def test_indicators_are_not_all_compared_with_all(monkeypatch: pytest.MonkeyPatch) -> None:
    from matcher.text import indicators as module

    compared = [0]
    compare = module.compare

    def counted(*sides: object) -> object:
        compared[0] += 1
        return compare(*sides)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "compare", counted)
    demand = need(indicators="；".join(f"厚度≥{n}.5mm" for n in range(1, 301)))
    achievement = offer(abstract="；".join(f"厚度{n}.1mm" for n in range(1, 301)))
    started = time.perf_counter()
    assert len(claims_of(demand, achievement)) == 300
    assert 0 < compared[0] <= 300 * 32
    assert time.perf_counter() - started < 30.0
