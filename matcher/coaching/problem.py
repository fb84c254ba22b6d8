"""问题清楚: the object, what goes wrong and how badly, the present way, and the particulars."""

from collections.abc import Sequence
from typing import Final

from matcher.coaching.checks import Check, judged, one
from matcher.coaching.findings import Criterion, Evidence, Suggestion
from matcher.coaching.reading import Reading

_PARTICULARS: Final = 6
"""Different words about the subject from which on a problem is described, not only named."""


def problem(reading: Reading) -> Criterion:
    """The criterion of a demand."""
    present = reading.first("present", "problem")
    fault = reading.first("fault", "problem", "title")
    checks = (_object(reading), _fault(reading, present, fault), _size(reading, fault))
    return judged("problem", (*checks, _present(reading, present), _particulars(reading, fault)))


def _object(reading: Reading) -> Check:
    found = [
        Evidence(
            "对象", text.field, (token.start, token.end), text.original[token.start : token.end]
        )
        for text in reading.some("title", "problem")
        for token in text.subjects.values()
    ]
    about = f"，只看{reading.title}还不清楚" if reading.title else ""
    wanted = f"请写明对象是哪种产品、设备或物料{about}。"
    return Check(found[:1], Suggestion(wanted, "problem"))


def _fault(reading: Reading, present: Evidence | None, fault: Evidence | None) -> Check:
    about = f"{reading.quoted(present)}里" if present else "现在的做法里"
    wanted = f"{about}最影响您的是哪一点？请点明，例如不达标、停机或返工。"
    return one(fault, Suggestion(wanted, "problem", present and present.span))


def _size(reading: Reading, fault: Evidence | None) -> Check:
    amount = reading.first("amount", "problem")
    scale = "请写一个数，例如每月几次、占百分之几、损失多少万元。"
    if fault is None:
        return one(amount, Suggestion(f"问题有多严重？{scale}", "problem"))
    told = Suggestion(f"{reading.quoted(fault)}有多严重？{scale}", fault.field, fault.span)
    return one(amount, told)


def _present(reading: Reading, present: Evidence | None) -> Check:
    about = f"关于{reading.title}，" if reading.title else ""
    wanted = f"{about}请把现在的做法写清楚：用什么设备、工艺或人工。"
    return one(present, Suggestion(wanted, "problem"))


def _particulars(reading: Reading, fault: Evidence | None) -> Check:
    (text,) = (*reading.some("problem"), reading.texts["problem"])[:1]
    found: Sequence[Evidence] = [
        Evidence(
            "细节", text.field, (token.start, token.end), text.original[token.start : token.end]
        )
        for token in text.subjects.values()
    ]
    about = f"{reading.quoted(fault)}" if fault else "问题"
    wanted = f"请把{about}展开写：在哪道工序、什么情况下出现、影响什么。"
    enough = found[:3] if len(found) >= _PARTICULARS else ()
    return Check(enough, Suggestion(wanted, "problem", fault and fault.span))
