"""Between which days demands may end, as an address says it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query

from api.access.threads import at_once
from api.services.drafts import Date
from api.services.filtering import FIRST_DAY, LAST_DAY
from matcher.filters import Filters


@dataclass(frozen=True)
class Ending:
    """A dependency: the first and the last day, both included, each None where it is left out."""

    date_from: Annotated[Date, Query(description=FIRST_DAY)] = None
    date_to: Annotated[Date, Query(description=LAST_DAY)] = None

    @property
    def filters(self) -> Filters:
        """As the engine takes them, which refuses days in the wrong order."""
        return Filters(date_from=self.date_from, date_to=self.date_to)


@dataclass(frozen=True)
class EndingOfNone(Ending):
    """The same where achievements are looked for, which end on no day: so that it is refused.

    The interface does not offer it; left undeclared, it would be ignored, and the answer taken for
    what was asked.
    """

    date_from: Annotated[Date, Query(include_in_schema=False)] = None
    date_to: Annotated[Date, Query(include_in_schema=False)] = None


Days = Annotated[Ending, Depends(at_once(Ending))]
NoDays = Annotated[EndingOfNone, Depends(at_once(EndingOfNone))]
