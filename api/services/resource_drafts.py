"""What people may send in as a resource (资源): the same rules for all three doors."""

from typing import Annotated, Final, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.services import examples
from api.services.choices import EachOf, OneOf
from api.services.drafts import (
    Date,
    Draft,
    Industry,
    Keywords,
    Line,
    LongText,
    Maturity,
    Money,
    OptionalLine,
    Title,
    Words,
    amount,
    clean_text,
    split_list,
)
from matcher import values
from matcher.resources import Resource

_KINDS: Final = {name: key for key, name in values.RESOURCE_KINDS.items()}


def _kind(value: object) -> object:
    """The key of a kind, which people write by its name: 中试平台."""
    cleaned = clean_text(value)
    return _KINDS.get(cleaned, cleaned) if isinstance(cleaned, str) else cleaned


def _months(value: object) -> object:
    """24, "24" and "24 个月" are all twenty-four."""
    cleaned = amount(value)
    return cleaned.removesuffix("个月").strip() if isinstance(cleaned, str) else cleaned


def _text(value: object) -> object:
    return "" if value is None else clean_text(value)


Kind = Annotated[str, BeforeValidator(_kind), OneOf(*values.RESOURCE_KINDS)]
Fields = Annotated[Words, BeforeValidator(split_list), EachOf(*values.FIELDS)]
OptionalText = Annotated[str, BeforeValidator(_text), Field(max_length=5000)]
Months = Annotated[Annotated[int, Field(ge=1, le=600)] | None, BeforeValidator(_months)]


class ResourceDraft(Draft):
    """资源 as sent in."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.RESOURCE]})

    kind: Annotated[Kind, Field(title="资源类别")]
    title: Annotated[Title, Field(title="资源名称")]
    summary: Annotated[LongText, Field(title="资源简介")]
    conditions: Annotated[OptionalText, Field(title="适用条件")] = ""
    keywords: Annotated[Keywords, Field(title="关键词")] = ()
    provider: Annotated[Line, Field(title="提供单位")]
    category: Annotated[OptionalLine, Field(title="类型", description="如 信用贷款、后补助")] = None
    services: Annotated[Keywords, Field(title="可提供的服务")] = ()
    equipment: Annotated[Keywords, Field(title="设备")] = ()
    scale: Annotated[OptionalLine, Field(title="规模")] = None
    fields: Annotated[Fields, Field(title="技术领域", description="空为不限")] = ()
    industry: Annotated[Industry, Field(title="应用行业")] = None
    region: Annotated[OptionalLine, Field(title="地区", description="省-市；空为全国")] = None
    maturity_min: Annotated[Maturity, Field(title="最低成熟度", description="TRL 1–9")] = None
    maturity_max: Annotated[Maturity, Field(title="最高成熟度", description="TRL 1–9")] = None
    amount_min: Annotated[Money, Field(title="最低额度", description="万元")] = None
    amount_max: Annotated[Money, Field(title="最高额度", description="万元")] = None
    term: Annotated[Months, Field(title="期限", description="月")] = None
    valid_from: Annotated[Date, Field(title="生效日期")] = None
    valid_until: Annotated[Date, Field(title="截止日期", description="当天仍有效")] = None
    source: Annotated[OptionalLine, Field(title="依据", description="文号或出处")] = None
    contact: Annotated[OptionalLine, Field(title="联系人")] = None

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Self:
        """Raise for bounds that nothing lies between."""
        orders = (
            ("maturity_order", self.maturity_min, self.maturity_max, "最低成熟度高于最高成熟度"),
            ("amount_order", self.amount_min, self.amount_max, "最低额度高于最高额度"),
            ("validity_order", self.valid_from, self.valid_until, "生效日期晚于截止日期"),
        )
        for code, low, high, problem in orders:
            if low is not None and high is not None and low > high:  # type: ignore[operator]
                raise PydanticCustomError(code, f"{problem}，请对调")
        return self

    def record(self, id_: str) -> Resource:
        """The resource that this draft describes."""
        return Resource(id=id_, **dict(self))
