"""背景充分: conditions of use, scale, what was tried, what must not change, budget and date."""

from matcher.coaching.checks import Check, judged, one
from matcher.coaching.findings import Criterion, Evidence, Suggestion
from matcher.coaching.reading import Reading


def background(reading: Reading) -> Criterion:
    """The criterion of a demand."""
    fault = reading.first("fault", "problem", "title")
    about = f"针对{reading.quoted(fault)}，" if fault else ""
    checks = (_tried(reading, about), _conditions(reading, about), _scale(reading))
    return judged("context", (*checks, _limits(reading), _funds(reading)))


def _tried(reading: Reading, about: str) -> Check:
    wanted = f"{about}如果试过别的办法，请写明是什么、效果怎样。"
    return one(reading.first("tried", "problem"), Suggestion(wanted, "problem"))


def _conditions(reading: Reading, about: str) -> Check:
    found = reading.first("conditions", "indicators", "problem", "goal", "title")
    wanted = f"{about}请写明是在什么条件下：温度、介质、负载、场地或所用的原料。"
    return one(found, Suggestion(wanted, "problem"))


def _scale(reading: Reading) -> Check:
    present = reading.first("present", "problem")
    after = f"写到{reading.quoted(present)}，请补上" if present else "请写明"
    wanted = f"{after}规模，例如几台设备、每天多少吨、多大面积。"
    found = reading.first("scale", "problem", "goal", "indicators")
    return one(found, Suggestion(wanted, "problem", present and present.span))


def _limits(reading: Reading) -> Check:
    wanted = "请写明不能突破的限制，例如成本、占地、停产时间、要兼容的现有设备。"
    found = reading.first("limits", "indicators", "problem", "goal")
    return one(found, Suggestion(wanted, "indicators"))


def _funds(reading: Reading) -> Check:
    found = reading.first("funds", "goal", "indicators")
    filled = next((name for name in ("budget", "deadline") if name in reading.given), None)
    if filled:
        found = Evidence("预算或期限", filled, (0, 0), "")
    return one(found, Suggestion("请填写预算或期望完成日期，便于判断哪些方案可行。", "budget"))
