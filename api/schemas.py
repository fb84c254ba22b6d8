"""Web shapes: what the JSON interface takes and gives, with examples for its documentation."""

from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.answers import achievement, demand
from api.services.drafts import Date
from api.services.filtering import FIRST_DAY, LAST_DAY
from api.services.matching import MatchRequest
from api.services.reviewing import LONGEST_NOTE, Verdict
from api.services.visibility import Seen
from matcher.checks import MAX_K
from matcher.filters import Filters
from matcher.records import Achievement, Demand, Direction, Span
from matcher.records import Verdict as ClaimVerdict
from matcher.values import PUBLISHED

_MOST_DECISIONS: Final = 1000
_STATE: Final = "审核状态：pending 待审核，published 已发布，returned 已退回"
ReviewState = Literal["pending", "published", "returned"]


def _as_set(value: object) -> object:
    return [value] if isinstance(value, str) else value


Names = Annotated[frozenset[str], BeforeValidator(_as_set)]


class FiltersIn(BaseModel):
    """筛选条件；同一项的多个值为“或”，不同项之间为“且”。"""

    # Frozen, or every request without any would get a deep copy of the ones that narrow nothing.
    model_config = ConfigDict(extra="forbid", frozen=True)

    fields: Annotated[Names, Field(description="技术领域", examples=[["资源与环境"]])] = frozenset()
    regions: Annotated[Names, Field(description="地区；“江苏”包含“江苏-苏州”")] = frozenset()
    providers: Annotated[Names, Field(description="完成单位")] = frozenset()
    cooperation_modes: Annotated[Names, Field(description="合作方式")] = frozenset()
    maturity_min: Annotated[int | None, Field(ge=1, le=9, description="成熟度下限，TRL")] = None
    maturity_max: Annotated[int | None, Field(ge=1, le=9, description="成熟度上限，TRL")] = None
    date_from: Annotated[Date, Field(description=FIRST_DAY)] = None
    date_to: Annotated[Date, Field(description=LAST_DAY)] = None

    def filters(self) -> Filters:
        """As the engine takes them."""
        return Filters(**self.__dict__)


class MatchIn(BaseModel):
    """从一段文字（text）或一条已入库的记录（id）出发查找配对，二者只给其一。"""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "text": "印染废水色度高、COD 难达标，想要低成本深度处理工艺",
                    "k": 5,
                    "filters": {"fields": ["资源与环境"], "maturity_min": 6},
                }
            ]
        },
    )

    text: Annotated[str | None, Field(description="一段文字，最多 20000 字")] = None
    id: Annotated[str | None, Field(description="需求或成果的编号")] = None
    direction: Annotated[
        Direction | None, Field(description="查找 achievements（成果）还是 demands（需求）")
    ] = None
    k: Annotated[int, Field(ge=1, le=MAX_K, description="返回条数")] = 10
    filters: FiltersIn = FiltersIn()
    decisions: Annotated[
        dict[str, Annotated[int, Field(ge=1, le=4, strict=True)]],
        Field(
            max_length=_MOST_DECISIONS,
            description="已经评过的成果：编号 → 等级 1–4；不再列出，并用来排其余的成果",
        ),
    ] = {}

    def request(self) -> MatchRequest:
        """As the service takes it."""
        filters = self.filters.filters()
        return MatchRequest(self.text, self.id, self.direction, self.k, filters, self.decisions)


class AchievementOut(BaseModel):
    """一项成果。"""

    id: str
    title: str
    abstract: str
    keywords: list[str]
    provider: str | None
    field: str | None
    industry: str | None
    form: str | None
    maturity: int | None
    maturity_band: str
    level: str | None
    application_state: str | None
    ip_kinds: list[str]
    ip_status: str | None
    cooperation_modes: list[str]
    price_min: float | None
    price_max: float | None
    region: str | None

    @classmethod
    def of(cls, record: Achievement) -> Self:
        """Without the contact."""
        return cls(**achievement(record))


class AchievementDetail(AchievementOut):
    """一项成果，联系人只给技术经理人看。"""

    contact: str | None

    @classmethod
    def seen(cls, record: Achievement, whole: bool) -> Self:
        """The contact is for brokers."""
        shown = AchievementOut.of(record).model_dump()
        return cls(**shown, contact=record.contact if whole else None)


class DemandOut(BaseModel):
    """一条需求；不含企业名称、联系人和电话。"""

    id: str
    title: str
    problem: str
    indicators: str
    goal: str
    keywords: list[str]
    field: str | None
    industry: str | None
    region: str | None
    solution_mode: str | None
    maturity_min: int | None
    budget: float | None
    deadline: str | None
    confidentiality: str

    @classmethod
    def of(cls, record: Demand) -> Self:
        """Without who is behind it."""
        return cls(**demand(record))


class DemandDetail(DemandOut):
    """一条需求；企业名称、联系人和电话只给技术经理人和提交者看。"""

    organisation: str | None
    contact: str | None
    phone: str | None
    state: Annotated[ReviewState, Field(description=_STATE)]
    review_note: Annotated[str | None, Field(description="退回的理由；没有退回过为空")]

    @classmethod
    def seen(cls, seen: Seen) -> Self:
        """Who is behind it is for brokers, and for whoever submitted it."""
        record, review = seen.demand, seen.review
        shown = DemandOut.of(record).model_dump()
        who = (record.organisation, record.contact, record.phone) if seen.whole else (None,) * 3
        state = review.state if review else PUBLISHED
        said = review.note or None if review else None
        behind = {"organisation": who[0], "contact": who[1], "phone": who[2]}
        return cls(**shown, **behind, state=state, review_note=said)


class SubmittedOut(DemandOut):
    """一条刚提交的需求，附只出示这一次的回执码。"""

    receipt: str
    state: Annotated[ReviewState, Field(description=_STATE)]


class ReviewIn(BaseModel):
    """审核一条需求：发布，或附理由退回。"""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"verdict": "return", "note": "请补充指标的数值和单位。"}]},
    )

    verdict: Annotated[Verdict, Field(description="publish 发布；return 退回")]
    note: Annotated[
        str, Field(max_length=LONGEST_NOTE, description="退回的理由，企业看得到；退回时必填")
    ] = ""


class PhraseOut(BaseModel):
    """一个共用的词，及其在得分中的份额（score 的单位）。"""

    text: str
    share: float


class SentenceOut(BaseModel):
    """成果或需求中最相关的一句，及其在字段原文中的起止位置。"""

    field: str
    span: Span
    text: str


class ClaimOut(BaseModel):
    """需求的一项指标与成果的说法；verdict 为 met（符合）、unmet（不符）或 unknown（无法判断）。"""

    property: str
    required: str
    claimed: str | None
    verdict: ClaimVerdict


class ContributionOut(BaseModel):
    """一项特征的取值及其对 raw 的贡献；取值未知为空。"""

    feature: str
    label: str
    value: float | None
    share: float


class GradingOut(BaseModel):
    """等级：4 强相关、3 较强相关、2 弱相关、1 无相关；contributions 与 intercept 相加等于 raw。"""

    grade: int
    name: str
    expected: float
    probabilities: list[float]
    raw: float
    intercept: float
    contributions: list[ContributionOut]


class ReasonOut(BaseModel):
    """配对的理由；phrases 和 fields 各自相加都等于 score。"""

    summary: str
    against: list[str]
    claims: list[ClaimOut]
    phrases: list[PhraseOut]
    fields: dict[str, float]
    sentence: SentenceOut | None
    highlights: dict[str, dict[str, list[Span]]]


class PairingOut(BaseModel):
    """一个配对。score 介于 0 和 1，可比大小，不是概率；twins 是文字几乎相同的其他记录的编号。"""

    rank: int
    score: float
    achievement: AchievementOut | None
    demand: DemandOut | None
    grading: GradingOut | None
    twins: list[str]
    reason: ReasonOut


class MatchAnswer(BaseModel):
    """排好序的配对。没有配对或没有较强的配对（weak）时，notice 说明原因和办法。"""

    direction: Direction
    model: str | None
    pairings: list[PairingOut]
    weak: bool
    notice: str | None
    unknown_terms: list[str]


class AchievementPage(BaseModel):
    """一页成果，新的在前；next_cursor 为空表示已到末页。"""

    items: list[AchievementOut]
    next_cursor: str | None
    total: int


class DemandPage(BaseModel):
    """一页需求，新的在前；next_cursor 为空表示已到末页。"""

    items: list[DemandOut]
    next_cursor: str | None
    total: int


class ProblemField(BaseModel):
    """哪一项有问题，问题是什么。"""

    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457 problem details。"""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemField] = []
