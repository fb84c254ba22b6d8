"""Rows of a file to drafts, one by one; what is refused is counted, and the first of it kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from api.files import Row
from api.services.drafts import clean_text
from api.services.headers import EXTERNAL_ID, NOTHING, Headers
from api.services.kinds import AnyDraft, Kind
from api.services.messages import problems
from matcher.errors import ImportRejected, RowProblem

_TOO_LONG: Final = 40


@dataclass(frozen=True, slots=True)
class Checked:
    """A row that is right."""

    number: int
    external_id: str
    draft: AnyDraft


class Checking:
    """The check of one file."""

    def __init__(
        self,
        kind: Kind[Any],
        seen: dict[str, int],
        reported: int,
        mapping: Mapping[str, str] = NOTHING,
    ) -> None:
        """``seen``: lines by external id that were found right before.

        At most ``reported`` refused cells are kept. ``mapping``: fields of columns, as somebody
        chose them.
        """
        self._kind, self._seen, self._reported = kind, seen, reported
        self._behind = max(seen.values(), default=0)
        self.refused: list[RowProblem] = []
        self.rows_refused = 0
        self.headers = Headers(kind, mapping)

    @property
    def is_refused(self) -> bool:
        """Whether the file cannot be imported any more."""
        return self.rows_refused > 0

    def check(self, row: Row) -> Checked | None:
        """The row if it is right; None if it is not, or was found right before.

        Raises ImportRejected for a header that cannot be understood.
        """
        fields = self.headers.fields(tuple(row.cells))
        if row.number <= self._behind:
            return None
        values = {fields[name]: cell for name, cell in row.cells.items() if name in fields}
        external_id = _id_text(values.pop(EXTERNAL_ID, None))
        found = self._id_problems(row.number, external_id)
        try:
            draft = self._kind.draft.model_validate(_present(values))
        except ValidationError as error:
            self._refuse([*found, *self._problems(row.number, values, error)])
            return None
        if found:
            self._refuse(found)
            return None
        return Checked(row.number, external_id, draft)

    def finish(self) -> None:
        """Raise ImportRejected if a single cell was not right, or there were no rows."""
        if self.is_refused:
            raise ImportRejected(
                f"文件中有 {self.rows_refused} 行不合要求，没有导入任何内容，"
                "请按提示修改后重新导入。",
                self.refused,
            )
        if not self._seen:
            raise ImportRejected("文件只有表头，没有可导入的内容。")

    def _refuse(self, found: list[RowProblem]) -> None:
        self.rows_refused += 1
        self.refused += found[: self._reported - len(self.refused)]

    def _id_problems(self, number: int, external_id: str) -> list[RowProblem]:
        if not 1 <= len(external_id) <= 100:
            shown = external_id[:_TOO_LONG]
            return [RowProblem(number, EXTERNAL_ID, shown, "请填写 100 字以内的编号。")]
        first = self._seen.setdefault(external_id, number)
        if first != number:
            reason = f"编号与第 {first} 行重复。"
            return [RowProblem(number, EXTERNAL_ID, external_id, reason)]
        return []

    def _problems(
        self, number: int, values: Mapping[str, Any], error: ValidationError
    ) -> list[RowProblem]:
        labels = self._kind.draft.labels()
        found = []
        for problem in problems(error.errors()):
            name = problem.field.partition(".")[0]
            shown = str(values.get(name, ""))
            shown = shown if len(shown) <= _TOO_LONG else f"{shown[:_TOO_LONG]}…"
            found.append(RowProblem(number, labels.get(name, name), shown, problem.message))
        return found


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without blank cells, which mean: not given; numbers as people write them."""
    return {name: _written(value) for name, value in values.items() if value not in ("", None)}


def _written(value: object) -> object:
    """13800001111 for the cell 13800001111.0: spreadsheets keep every number as a fraction."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _id_text(value: object) -> str:
    """An unusable id becomes an empty one, which is refused."""
    try:
        return str(clean_text("" if value is None else str(_written(value))))
    except PydanticCustomError:
        return ""
