"""What a list is narrowed by beyond words and field, as its address says it."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import Depends, Query

from api.access.threads import at_once
from api.services.drafts import Date
from api.services.filtering import days_said
from api.services.periods import MONTH, month_named
from api.store import Narrowing, Prospect, Standing
from api.store.narrowing import CURRENT
from matcher.filters import Filters
from matcher.pairing.wording import GRADE_NAMES
from matcher.values import REVIEW_STATES

_BETWEEN: Final = "、"
_PLACE: Final = Query(max_length=500)
_MONTH: Final = Query(pattern=MONTH)
_STATES: Final = {CURRENT: "未退回", **REVIEW_STATES}
_OUTLOOKS: Final = {
    Prospect.strong: "有较强相关以上的成果",
    Prospect.weak: "没有较强相关的成果",
    Prospect.unknown: "还没有测算",
    **{Prospect(str(grade)): f"最高为{name}" for grade, name in GRADE_NAMES.items()},
}
_STANDINGS: Final = {
    Standing.proven: "优势成果",
    Standing.unasked: "暂无需求的优势成果",
}
State = Literal["", "current", "pending", "published", "returned"]


@dataclass(frozen=True)
class Wanted:
    """A dependency: parameters of the address, each left out if empty. Months are 2026-03."""

    province: Annotated[str, _PLACE] = ""
    outside: Annotated[str, _PLACE] = ""
    since: Annotated[str, _MONTH] = ""
    until: Annotated[str, _MONTH] = ""
    month: Annotated[str, _MONTH] = ""
    state: State = ""
    outlook: Literal["", "strong", "weak", "4", "3", "2", "1", "unknown"] = ""
    provider: Annotated[str, _PLACE] = ""
    trl: Annotated[str, Query(pattern="^[1-9]?$")] = ""
    standing: Literal["", "proven", "unasked"] = ""
    date_from: Annotated[Date, Query()] = None
    date_to: Annotated[Date, Query()] = None

    @property
    def asked(self) -> dict[str, str]:
        """What is not empty, by parameter."""
        return {name: value for name, value in vars(self).items() if value}

    @property
    def said(self) -> str:
        """The same in words."""
        parts = {
            "province": f"地区 {self.province}",
            "outside": f"{self.outside} 以外的地区",
            "since": f"{self.since} 以来提交",
            "until": f"到 {self.until} 为止提交",
            "month": f"{self.month} 提交",
            "state": _STATES.get(self.state, ""),
            "outlook": _OUTLOOKS[Prospect(self.outlook)] if self.outlook else "",
            "provider": f"完成单位 {self.provider}",
            "trl": f"TRL {self.trl} 以上",
            "standing": _STANDINGS[Standing(self.standing)] if self.standing else "",
            "date_from": days_said(self.date_from or "", self.date_to or ""),
            "date_to": "" if self.date_from else days_said("", self.date_to or ""),
        }
        return "，".join(parts[name] for name in self.asked if parts[name])

    def narrowing(self, field: str) -> Narrowing:
        """As the store understands it. Raises InvalidQuery for days in the wrong order."""
        Filters(date_from=self.date_from, date_to=self.date_to).check()
        since = month_named(self.since)[1] if self.since else None
        until = month_named(self.until)[2] if self.until else None
        if self.month:
            _, first, end = month_named(self.month)
            since = max(since, first) if since else first
            until = min(until, end) if until else end
        return Narrowing(
            field=field or None,
            province=self.province or None,
            outside=tuple(filter(None, self.outside.split(_BETWEEN))),
            since=since,
            until=until,
            state=self.state or None,
            outlook=Prospect(self.outlook) if self.outlook else None,
            provider=self.provider or None,
            maturity=int(self.trl) if self.trl else None,
            standing=Standing(self.standing) if self.standing else None,
            date_from=self.date_from,
            date_to=self.date_to,
        )


Asked = Annotated[Wanted, Depends(at_once(Wanted))]
