"""目标明确: what shall be there in the end, how much of it, when, and how one will know."""

from matcher.coaching.checks import Check, judged, one
from matcher.coaching.findings import Criterion, Evidence, Suggestion
from matcher.coaching.reading import Reading
from matcher.coaching.vague import first_vague


def goal(reading: Reading) -> Criterion:
    """The criterion of a demand."""
    deliverable = reading.first("deliverable", "goal")
    checks = (_stated(reading), _deliverable(deliverable), _number(reading))
    return judged("goal", (*checks, _deadline(reading, deliverable), _checkable(reading)))


def _stated(reading: Reading) -> Check:
    """Something of its own: more than words that fit any demand."""
    found = [
        Evidence(
            "目标", text.field, (token.start, token.end), text.original[token.start : token.end]
        )
        for text in reading.some("goal")
        for token in text.subjects.values()
    ]
    about = f"{reading.title}" if reading.title else "这件事"
    wanted = f"请写明{about}做到什么程度算成功：交付什么、何时完成、怎样验收。"
    return Check(found[:1], Suggestion(wanted, "goal"))


def _deliverable(found: Evidence | None) -> Check:
    wanted = "请写明要拿到什么，例如样机、工艺方案、试验报告或改造好的一条产线。"
    return one(found, Suggestion(wanted, "goal"))


def _number(reading: Reading) -> Check:
    amount = reading.first("amount", "goal")
    vague = first_vague(reading, "goal")
    wanted = "请给目标写一个数，例如先改几台、年产多少、降到百分之几。"
    return one(amount and amount._replace(sign="数值"), vague or Suggestion(wanted, "goal"))


def _deadline(reading: Reading, deliverable: Evidence | None) -> Check:
    found = reading.first("deadline", "goal")
    if found is None and "deadline" in reading.given:
        found = Evidence("时间", "deadline", (0, 0), "")
    what = f"{reading.quoted(deliverable)}" if deliverable else "目标"
    wanted = f"请写明{what}在什么时候完成，例如“一年内”。"
    return one(found, Suggestion(wanted, "goal", deliverable and deliverable.span))


def _checkable(reading: Reading) -> Check:
    wanted = "怎样算达到？请写明，例如连续运行多久、由谁检测、哪个指标降到多少。"
    return one(reading.first("checkable", "goal"), Suggestion(wanted, "goal"))
