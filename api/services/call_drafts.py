"""What brokers may send in about an open call: one set of rules for pages and JSON."""

from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.services.choices import OneOf
from api.services.drafts import clean_text
from api.services.topics import MOST_IN_TOPIC
from matcher.calls import FIELDS
from matcher.values import CALL_STATES, DRAFT

LONGEST: Final = 20_000
"""Characters of one field."""
_Clean = BeforeValidator(clean_text)
Title = Annotated[str, _Clean, Field(title="榜单名称", min_length=1, max_length=200)]
Text = Annotated[str, _Clean, Field(max_length=LONGEST)]
Id = Annotated[str, Field(min_length=1, max_length=64)]


class _Draft(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CallStart(_Draft):
    """起草榜单：由哪些需求（已发布的，同一主题）。"""

    demand_ids: Annotated[list[Id], Field(title="需求", min_length=1, max_length=MOST_IN_TOPIC)]


class CallChange(_Draft):
    """榜单的全部内容：名称、各项文字和状态。定稿时不能再有“【待补充：…】”。"""

    title: Title
    problem: Annotated[Text, Field(title=FIELDS["problem"])] = ""
    indicators: Annotated[Text, Field(title=FIELDS["indicators"])] = ""
    deadline: Annotated[Text, Field(title=FIELDS["deadline"])] = ""
    ownership: Annotated[Text, Field(title=FIELDS["ownership"])] = ""
    funding: Annotated[Text, Field(title=FIELDS["funding"])] = ""
    eligibility: Annotated[Text, Field(title=FIELDS["eligibility"])] = ""
    issuer: Annotated[Text, Field(title=FIELDS["issuer"])] = ""
    state: Annotated[
        Annotated[str, OneOf(*CALL_STATES)], Field(title="状态", description="draft 或 final")
    ] = DRAFT

    @property
    def fields(self) -> dict[str, str]:
        """The texts by name, in the order of notices."""
        return {name: str(getattr(self, name)) for name in FIELDS}
