"""What people may send in as an achievement or a demand: one set of rules for all three doors.

The title of each field is its label in the interface and its column header in imported files.
"""

import re
from datetime import date
from typing import Annotated, Final, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from api.services import examples
from api.services.choices import EachOf, OneOf
from matcher import values
from matcher.records import Achievement, Demand

_LONE_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_CONTROL: Final = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_LINE_BREAK: Final = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""As browsers, word processors and old files write it."""
_LIST_SEPARATORS: Final = re.compile(r"[,\uff0c;\uff1b、|\n\r\x0b\x0c\x85\u2028\u2029]")
_VISIBLE: Final[dict[str, JsonValue]] = {
    "pattern": r"[^\s\u0000-\u001f\u007f\u0085\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
}
"""For the documentation alone: what is left of a text once it is clean must not be empty."""
_WORD: Final[dict[str, JsonValue]] = {
    "type": "string",
    "minLength": 1,
    "maxLength": 50,
    **_VISIBLE,
}
_CONFIDENTIALITY: Final = {label: key for key, label in values.CONFIDENTIALITY.items()}


def clean_text(value: object) -> object:
    """Text without control characters, marks of direction, odd breaks and outer white space.

    Halves of characters are refused: no database and no page can hold them.
    """
    if not isinstance(value, str):
        return value
    text = _LINE_BREAK.sub("\n", value)
    if _LONE_SURROGATE.search(text):
        raise PydanticCustomError("string_unicode", "含有无法识别的字符")
    return _CONTROL.sub("", text).strip()


def _none_if_blank(value: object) -> object:
    cleaned = clean_text(value)
    return None if cleaned == "" else cleaned


def amount(value: object) -> object:
    """A number or nothing; ``true`` is no number, though Python counts with it."""
    if isinstance(value, bool):
        raise PydanticCustomError("float_type", "应为数字")
    return _none_if_blank(value)


def split_list(value: object) -> object:
    """A list as people write it in one cell: 电池、储能；正极材料."""
    if isinstance(value, str):
        value = _LIST_SEPARATORS.split(value)
    if isinstance(value, list | tuple):
        items = [clean_text(item) for item in value]
        return tuple(item for i, item in enumerate(items) if item != "" and item not in items[:i])
    return () if value is None else value


def _maturity(value: object) -> object:
    """6, "6", "TRL6" and "TRL 6级" are all six; "TRL" alone is a number that was forgotten."""
    cleaned = amount(value)
    return re.sub(r"(?i)^TRL\s*|\s*级$", "", cleaned) if isinstance(cleaned, str) else cleaned


def _confidentiality(value: object) -> object:
    return _CONFIDENTIALITY.get(value, value) if isinstance(value, str) else value


def _iso_date(value: object) -> object:
    """Dates as people and spreadsheets write them: 2027/3/1, 2027-03-01 00:00:00."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    if not isinstance(value, str) or not value.strip():
        return None if value == "" or value is None else value
    match = re.fullmatch(
        r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ][\d:.]*)?", value.strip()
    )
    try:
        if match is None:
            raise ValueError
        return date(*map(int, match.groups())).isoformat()
    except ValueError:
        raise PydanticCustomError("date", "应为日期，例如 2027-06-30") from None


_Clean = BeforeValidator(clean_text)
_Optional = BeforeValidator(_none_if_blank)
Line = Annotated[str, _Clean, Field(min_length=1, max_length=100, json_schema_extra=_VISIBLE)]
Title = Annotated[str, _Clean, Field(min_length=1, max_length=200, json_schema_extra=_VISIBLE)]
OptionalLine = Annotated[Annotated[str, Field(max_length=200)] | None, _Optional]
LongText = Annotated[str, _Clean, Field(min_length=1, max_length=5000, json_schema_extra=_VISIBLE)]
Words = tuple[Annotated[str, Field(max_length=50)], ...]
# Bounds stand inside: behind a validator pydantic would document them as those of a text.
Keywords = Annotated[Words, Field(max_length=20), BeforeValidator(split_list)]
FewKeywords = Annotated[
    Words,
    Field(min_length=1, max_length=5, json_schema_extra={"items": _WORD}),
    BeforeValidator(split_list),
]
Money = Annotated[
    Annotated[float, Field(ge=0, le=1e8, allow_inf_nan=False)] | None, BeforeValidator(amount)
]
Maturity = Annotated[Annotated[int, Field(ge=1, le=9)] | None, BeforeValidator(_maturity)]
Date = Annotated[
    str | None,
    BeforeValidator(_iso_date),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "format": "date"}, {"const": ""}, {"type": "null"}]}
    ),
]
Phone = Annotated[
    str,
    _Clean,
    Field(
        min_length=1,
        pattern=r"^[0-9+()（）\-\s转]{5,40}$",
        json_schema_extra={"pattern": r"^[0-9+(（][0-9+()（）\- 转]{3,38}[0-9)）]$"},
    ),
]
FieldName = Annotated[str, _Clean, OneOf(*values.FIELDS)]
Industry = Annotated[Annotated[str, OneOf(*values.INDUSTRIES)] | None, _Optional]
Form = Annotated[Annotated[str, OneOf(*values.FORMS)] | None, _Optional]
Level = Annotated[Annotated[str, OneOf(*values.LEVELS)] | None, _Optional]
ApplicationState = Annotated[Annotated[str, OneOf(*values.APPLICATION_STATES)] | None, _Optional]
IpState = Annotated[Annotated[str, OneOf(*values.IP_STATES)] | None, _Optional]
SolutionMode = Annotated[str, _Clean, OneOf(*values.SOLUTION_MODES)]
IpKinds = Annotated[Words, BeforeValidator(split_list), EachOf(*values.IP_KINDS)]
CooperationModes = Annotated[Words, BeforeValidator(split_list), EachOf(*values.COOPERATION_MODES)]


class Draft(BaseModel):
    """Checked input that becomes a record."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def labels(cls) -> dict[str, str]:
        """Field name → label."""
        return {name: info.title or name for name, info in cls.model_fields.items()}


class AchievementDraft(Draft):
    """科技成果 as sent in."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ACHIEVEMENT]})

    title: Annotated[Title, Field(title="成果名称")]
    abstract: Annotated[LongText, Field(title="成果简介")]
    keywords: Annotated[Keywords, Field(title="关键词")] = ()
    provider: Annotated[Line, Field(title="完成单位")]
    field: Annotated[FieldName, Field(title="技术领域")]
    industry: Annotated[Industry, Field(title="应用行业")] = None
    form: Annotated[Form, Field(title="成果形式")] = None
    maturity: Annotated[Maturity, Field(title="成熟度", description="TRL 1–9")] = None
    level: Annotated[Level, Field(title="成果水平")] = None
    application_state: Annotated[ApplicationState, Field(title="应用状态")] = None
    ip_kinds: Annotated[IpKinds, Field(title="知识产权")] = ()
    ip_status: Annotated[IpState, Field(title="知识产权状态")] = None
    cooperation_modes: Annotated[CooperationModes, Field(title="合作方式")] = ()
    price_min: Annotated[Money, Field(title="最低价格", description="万元；空为面议")] = None
    price_max: Annotated[Money, Field(title="最高价格", description="万元；空为面议")] = None
    region: Annotated[OptionalLine, Field(title="地区", description="省-市")] = None
    contact: Annotated[OptionalLine, Field(title="联系人")] = None

    @model_validator(mode="after")
    def _prices_in_order(self) -> Self:
        low, high = self.price_min, self.price_max
        if low is not None and high is not None and low > high:
            raise PydanticCustomError("price_order", "最低价格高于最高价格，请对调")
        return self

    def record(self, id_: str) -> Achievement:
        """The achievement that this draft describes."""
        return Achievement(id=id_, **dict(self))


class DemandDraft(Draft):
    """企业技术需求 as sent in."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.DEMAND]})

    title: Annotated[Line, Field(title="需求名称")]
    problem: Annotated[LongText, Field(title="主要问题")]
    indicators: Annotated[LongText, Field(title="技术关键与指标")]
    goal: Annotated[LongText, Field(title="预期目标")]
    keywords: Annotated[FewKeywords, Field(title="关键词")]
    field: Annotated[FieldName, Field(title="技术领域")]
    industry: Annotated[Industry, Field(title="所属行业")] = None
    region: Annotated[Line, Field(title="地区", description="省-市")]
    solution_mode: Annotated[SolutionMode, Field(title="拟采用的解决方式")]
    maturity_min: Annotated[Maturity, Field(title="可接受的最低成熟度", description="TRL 1–9")] = (
        None
    )
    budget: Annotated[Money, Field(title="预算", description="万元")] = None
    deadline: Annotated[Date, Field(title="期望完成日期", examples=["2027-06-30"])] = None
    organisation: Annotated[Line, Field(title="企业名称")]
    contact: Annotated[Line, Field(title="联系人")]
    phone: Annotated[Phone, Field(title="联系电话")]
    confidentiality: Annotated[
        Literal["public", "brokers"],
        BeforeValidator(_confidentiality),
        Field(title="公开范围", description="public 公开;brokers 仅经理人可见"),
    ] = "public"

    def record(self, id_: str) -> Demand:
        """The demand that this draft describes."""
        return Demand(id=id_, **dict(self))
