"""The draft of an open call (榜单): what its demands say, field by field, and what they do not say.

Nothing is invented. A line holds words or values of one demand behind a fixed label, or it is a gap
that begins with ``GAP`` and says what to ask for. Whoever passes public views of demands gets a
public draft.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from matcher.calls.indicators import Indicator, Indicators, indicators
from matcher.calls.lines import GAP, Draft, Line, gap
from matcher.records import Demand
from matcher.text.lazy import LazyPattern
from matcher.text.sentences import sentences
from matcher.values import maturity_band, written

_OWNERSHIP: Final = LazyPattern("知识产权|产权归|专利权|专利归|归属|独占|共同所有|专利申请权")
_ELIGIBILITY: Final = LazyPattern("资质|案例|业绩|团队|经验|供应商|有过|做过|驻厂|驻场")
_MEANT: Final = LazyPattern("覆盖|检索|侵权|上架|下架|登记")
"""Where patents are what a demand is about, not whose they will be."""


@dataclass(frozen=True, slots=True)
class _Called:
    """A demand with what it is called in a draft of several; nothing in one of its own."""

    demand: Demand
    name: str

    def line(self, text: str, label: str = "") -> Line:
        said = "：".join(part for part in (self.name, label) if part)
        return Line(f"{said}：{text}" if said else text, self.demand.id)


def draft(demands: Sequence[Demand], name: Sequence[str], closed: Sequence[str] = ()) -> Draft:
    """Of one or more demands that have ``name`` as their strongest terms.

    ``closed`` are the ids of those that are not public: before theirs is, the enterprise is asked.
    """
    several = len(demands) > 1
    called = [_Called(d, f"需求{n}" if several else "") for n, d in enumerate(demands, start=1)]
    found = indicators(demands)
    fields = {
        "problem": tuple(_problem(called)),
        "indicators": tuple(_indicators(called, found)),
        "deadline": tuple(_deadline(called)),
        "ownership": tuple(_said(called, _OWNERSHIP, _OWNERSHIP_GAP)),
        "funding": tuple(_funding(called)),
        "eligibility": tuple(_eligibility(called)),
        "issuer": tuple(_issuer(called, closed)),
    }
    return Draft(_title(demands, name), fields)


_OWNERSHIP_GAP: Final = "知识产权归发榜方、归揭榜方还是共有，以及使用和收益的约定"


def _title(demands: Sequence[Demand], name: Sequence[str]) -> str:
    if len(demands) == 1 and demands[0].title.strip():
        return _one_line(demands[0].title)
    return f"{'、'.join(name)}技术攻关" if name else f"{GAP}榜单名称】"


def _problem(called: Sequence[_Called]) -> Iterator[Line]:
    for one in called:
        demand, title = one.demand, _one_line(one.demand.title)
        if one.name and title:
            yield one.line(title)
        if demand.problem.strip():
            yield one.line(_one_line(demand.problem), "背景与问题")
        else:
            yield gap(f"{one.name}的背景与主要问题：现在怎样，哪里不行，损失多少")
        if demand.goal.strip():
            yield one.line(_one_line(demand.goal), "预期目标")


def _indicators(called: Sequence[_Called], found: Indicators) -> Iterator[Line]:
    advice = {missing.demand_id: missing.advice for missing in found.missing}
    for one in called:
        if one.demand.indicators.strip():
            yield one.line(_one_line(one.demand.indicators))
        if one.demand.id in advice:
            yield gap(f"{one.name}的可测指标。{advice[one.demand.id].rstrip('。')}")
    names = {one.demand.id: one.name for one in called}
    for indicator in found.found:
        if indicator.differs and len({asked.demand_id for asked in indicator.asked}) > 1:
            yield from _compared(indicator, names)


def _compared(indicator: Indicator, names: Mapping[str, str]) -> Iterator[Line]:
    """What several demands ask of one property; from a conflict on, somebody has to decide."""
    each = "，".join(f"{names[asked.demand_id]} {asked.text}" for asked in indicator.asked)
    strict, loose = indicator.strictest, indicator.loosest
    most = f"；最严 {strict.text}，最宽 {loose.text}" if strict and loose else ""
    yield Line(f"各需求的“{indicator.name}”：{each}{most}", indicator.asked[0].demand_id)
    if indicator.conflict:
        yield gap(f"“{indicator.name}”的要求互相矛盾，请与各需求方商定一个")


def _deadline(called: Sequence[_Called]) -> Iterator[Line]:
    wanted = "完成时限：从立项起几个月，或截止日期"
    yield from _values(called, lambda demand: demand.deadline, "希望完成日期", wanted)


def _funding(called: Sequence[_Called]) -> Iterator[Line]:
    def budget(demand: Demand) -> str | None:
        return None if demand.budget is None else f"{written(demand.budget)} 万元"

    yield from _values(called, budget, "企业预算", "资金投入：企业出资和财政支持各多少万元")


def _eligibility(called: Sequence[_Called]) -> Iterator[Line]:
    for one in called:
        demand = one.demand
        if demand.solution_mode:
            yield one.line(demand.solution_mode, "合作方式")
        if demand.maturity_min is not None:
            band = maturity_band(demand.maturity_min)
            yield one.line(f"不低于 TRL {demand.maturity_min}（{band}）", "现有技术成熟度")
    yield from _said(called, _ELIGIBILITY, "揭榜方的资格：单位类型、研发团队和已有业绩")


def _issuer(called: Sequence[_Called], closed: Sequence[str]) -> Iterator[Line]:
    for one in called:
        where = "，".join(part for part in (one.demand.region, one.demand.industry) if part)
        if where:
            yield one.line(where, "需求方所在地和行业")
        if one.demand.id in closed:
            yield gap(f"{one.name or '这条需求'}仅经理人可见，公开前须征得企业同意")
    yield gap("发榜单位、联系人和电话")


def _values(
    called: Sequence[_Called], value: Callable[[Demand], str | None], label: str, wanted: str
) -> Iterator[Line]:
    """A value of each demand, and one gap for those that have none."""
    without = []
    for one in called:
        found = value(one.demand)
        if found:
            yield one.line(found, label)
        else:
            without.append(one.name)
    if without:
        names = "、".join(filter(None, without))
        yield gap(f"{names}的{wanted}" if names else wanted)


def _said(called: Sequence[_Called], words: LazyPattern, wanted: str) -> Iterator[Line]:
    """The sentences of the texts that speak of something; a gap if there are none."""
    found = False
    for one in called:
        for field in ("problem", "indicators", "goal"):
            text = one.demand.texts()[field]
            for start, end in sentences(text):
                sentence = _one_line(text[start:end])
                if words.search(sentence) and not _MEANT.search(sentence):
                    found = True
                    yield one.line(sentence)
    if not found:
        yield gap(wanted)


def _one_line(text: str) -> str:
    """A text without line breaks and doubled spaces: a line of a draft is one line."""
    return " ".join(text.split())
