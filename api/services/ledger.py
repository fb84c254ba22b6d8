"""The ledger (台账) of cases as a science bureau asks for it: real days, real amounts."""

from datetime import date, datetime
from typing import Final

from api.files.writing import Cell
from api.services.case_rules import stage_name
from api.services.times import beijing
from api.store import CaseLine
from matcher.pairing.wording import GRADE_NAMES
from matcher.values import maturity_band

LEDGER: Final = (
    "序号",
    "对接单编号",
    "需求名称",
    "企业名称",
    "企业所在地",
    "技术领域",
    "所属行业",
    "需求提交日期",
    "成果名称",
    "完成单位",
    "成果所在地",
    "成熟度",
    "匹配等级",
    "推荐日期",
    "当前阶段",
    "进入日期",
    "经理人",
    "下一步",
    "下一步日期",
    "合同类型",
    "合同金额(万元)",
    "签订日期",
    "结束原因",
    "备注",
)


def ledger_row(number: int, line: CaseLine) -> list[Cell]:
    """One case under the columns of ``LEDGER``."""
    return [
        number,
        line.id,
        line.demand_title,
        line.organisation,
        line.region,
        line.field,
        line.industry,
        _day(line.submitted_at),
        line.achievement_title,
        line.provider,
        line.provider_region,
        _maturity(line.maturity),
        GRADE_NAMES.get(line.grade) if line.grade else None,
        _day(line.created_at),
        stage_name(line.stage),
        _day(line.stage_since),
        line.assignee,
        line.next_step or None,
        _date(line.next_date),
        line.contract_type,
        line.amount,
        _date(line.signed_on),
        line.ended_because,
        line.remark,
    ]


def _maturity(maturity: int | None) -> str:
    band = maturity_band(maturity)
    return f"{band}（TRL {maturity}）" if maturity else band


def _day(moment: datetime) -> date:
    return beijing(moment).date()


def _date(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None
