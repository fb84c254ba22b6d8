"""What lists of resources are narrowed by, and what is counted by the same conditions."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, func, or_

from api.store.dialects.functions import lists
from api.store.tables import RecordRow, ResourceRow


class Validity(StrEnum):
    """How a resource stands to a day: to be had, also later or not, or over for good."""

    valid = "valid"
    kept = "kept"
    over = "over"


@dataclass(frozen=True, slots=True)
class ResourceNarrowing:
    """Which resources are wanted; None means all. Implements ``narrowing.Narrowed``.

    A resource without fields is for every ``field``, one without a region for every ``region``;
    a region also has what is for a part of it, and for the whole that it is a part of. The first
    and the last day of a resource are among its days: ``day`` is compared with them by
    ``validity`` (``kept``: not over yet, though it may still have to begin).
    """

    kind: str | None = None
    field: str | None = None
    region: str | None = None
    day: date | None = None
    validity: Validity = Validity.valid

    @property
    def texts(self) -> tuple[str, ...]:
        """What was typed or taken from an address."""
        return tuple(text for text in (self.kind, self.field, self.region) if text)

    def conditions(self, _row: type[RecordRow]) -> list[ColumnElement[bool]]:
        """As SQL on the rows of resources."""
        asked: list[ColumnElement[bool]] = []
        if self.kind:
            asked.append(ResourceRow.kind == self.kind)
        if self.field:
            fields = ResourceRow.fields
            asked.append(or_(func.json_array_length(fields) == 0, lists(fields, self.field)))
        if self.region:
            asked.append(_around(self.region))
        if self.day:
            asked += _on(self.day.isoformat(), self.validity)
        return asked


ALL_RESOURCES: Final = ResourceNarrowing()


def _around(region: str) -> ColumnElement[bool]:
    """Everywhere, there, in a part of it, or in what it is a part of: 江苏-苏州, 江苏."""
    parts = region.split("-")
    wholes = ["-".join(parts[:count]) for count in range(1, len(parts) + 1)]
    place = ResourceRow.region
    inside = place.startswith(f"{region}-", autoescape=True)
    return or_(place.is_(None), place.in_(wholes), inside)


def _on(day: str, validity: Validity) -> list[ColumnElement[bool]]:
    begins, ends = ResourceRow.valid_from, ResourceRow.valid_until
    if validity is Validity.over:
        return [ends < day]
    kept = or_(ends.is_(None), ends >= day)
    return [kept] if validity is Validity.kept else [kept, or_(begins.is_(None), begins <= day)]
