"""What a list of resources is narrowed by, as parameters of its address."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query

from api.access.parameters import FieldName
from api.services.drafts import Date
from api.services.resource_drafts import Kind
from api.store import ResourceNarrowing


async def _wanted(
    kind: Annotated[Kind | None, Query(description="资源类别")] = None,
    field: FieldName = None,
    region: Annotated[
        str | None, Query(max_length=200, description="地区；含全国和上级地区可用的")
    ] = None,
    valid_on: Annotated[Date, Query(description="这一天有效，首尾两天都算")] = None,
) -> ResourceNarrowing:
    day = date.fromisoformat(valid_on) if valid_on else None
    return ResourceNarrowing(kind, field, region, day)


WantedResources = Annotated[ResourceNarrowing, Depends(_wanted)]
