"""What brokers may send in about a case: one set of rules for pages and JSON."""

from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.services.choices import OneOf
from api.services.drafts import Date, Money, clean_text
from matcher import values


def _none_if_blank(value: object) -> object:
    cleaned = clean_text(value)
    return None if cleaned == "" else cleaned


BlankIsNone = BeforeValidator(_none_if_blank)
_Clean = BeforeValidator(clean_text)
Stage = Annotated[str, OneOf(*values.STAGES, values.ENDED)]
Reason = Annotated[Annotated[str, OneOf(*values.REJECTIONS)] | None, BlankIsNone]
ContractType = Annotated[Annotated[str, OneOf(*values.CONTRACT_TYPES)] | None, BlankIsNone]
Words = Annotated[str, _Clean, Field(max_length=2000)]
Step = Annotated[str, _Clean, Field(max_length=200)]
Name = Annotated[Annotated[str, Field(max_length=100)] | None, BlankIsNone]


class _Draft(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Contract(_Draft):
    """技术合同：类型、金额（万元）和签订日期。"""

    contract_type: Annotated[ContractType, Field(title="合同类型")] = None
    amount: Annotated[Money, Field(title="合同金额", description="万元")] = None
    signed_on: Annotated[Date, Field(title="签订日期", examples=["2026-11-20"])] = None


class Move(Contract):
    """到另一阶段：结束须有原因，退回须有说明，签约和转化须有合同各项。"""

    stage: Annotated[Stage, Field(title="阶段", description="proposed … converted，或 ended")]
    reason: Annotated[Reason, Field(title="结束原因")] = None
    note: Annotated[Words, Field(title="说明", description="退回前一阶段时必填")] = ""


class Note(_Draft):
    """写入历史的一条备注。"""

    text: Annotated[str, _Clean, Field(title="备注", min_length=1, max_length=2000)]


class CaseChange(Contract):
    """对接单可修改的各项；没有给出的保持原样。"""

    assignee: Annotated[Name, Field(title="经理人", description="账号名；空为暂无")] = None
    next_step: Annotated[Step, Field(title="下一步")] = ""
    next_date: Annotated[Date, Field(title="下一步日期", examples=["2026-12-01"])] = None
    released: Annotated[bool, Field(title="向企业公开")] = False

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("value_error", "请至少给出一项要修改的内容")
        return self
