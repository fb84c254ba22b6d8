"""What a pairing may still lack and somebody can give: money, people, a pilot, a first user."""

from dataclasses import dataclass

from matcher.dates import day_named
from matcher.records import Achievement, Demand, Facets


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A resource of the innovation chain (资源), of one of ``values.RESOURCE_KINDS``.

    ``maturity_min`` and ``maturity_max`` (TRL 1–9) bound the stage that it is for, ``amount_min``
    and ``amount_max`` (万元) what it gives, ``term`` is in months, ``valid_from`` and
    ``valid_until`` are the first and the last day on which it can be had (ISO 8601). An empty
    ``region`` means everywhere, an empty ``fields`` every 技术领域; a bound that is None does not
    bind. ``conditions`` says in words what no other value can.
    """

    id: str
    kind: str
    title: str
    summary: str = ""
    conditions: str = ""
    keywords: tuple[str, ...] = ()
    provider: str | None = None
    category: str | None = None
    services: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    scale: str | None = None
    fields: tuple[str, ...] = ()
    industry: str | None = None
    region: str | None = None
    maturity_min: int | None = None
    maturity_max: int | None = None
    amount_min: float | None = None
    amount_max: float | None = None
    term: int | None = None
    valid_from: str | None = None
    valid_until: str | None = None
    source: str | None = None
    contact: str | None = None

    def texts(self) -> dict[str, str]:
        """The texts that are matched, by field name, in reading order."""
        return {
            "title": self.title,
            "keywords": "；".join((*self.keywords, *self.services, *self.equipment)),
            "abstract": "\n".join(filter(None, (self.summary, self.conditions))),
        }

    def facets(self) -> Facets:
        """The values that searches are narrowed by; its one field, if it is for one alone."""
        field = self.fields[0] if len(self.fields) == 1 else None
        return Facets(
            field,
            self.region,
            self.provider,
            industry=self.industry,
            kind=self.kind,
            date=day_named(self.valid_until),
        )


Record = Achievement | Demand | Resource
"""Whatever a library may hold."""
