"""What the same form carries: the firm, the person and the telephone, however they are written."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, takewhile
from typing import Final, Literal

from api.security.lexicon import one_of, words
from api.security.organisations import cut, is_distinctive
from matcher.records import Demand, Span
from matcher.text.normalise import normalised

Kind = Literal["organisation", "person", "phone"]

_GAP: Final = re.compile(r"[\s\-‐‑–—―_.·・,()\[\]/|+~]")
"""What people put between the parts of a number, or into a name to spread it."""
_LEGAL: Final = re.compile(
    r"(?:集团|控股|股份|有限|责任|公司|总公司|分公司|合作社|研究[院所]|工厂|厂|店|中心|事务所)+\Z"
)
_REGION: Final = re.compile(
    rf"(?:(?:{one_of('regions')})(?:省|市|县|区|自治区|高新区|新区|经济开发区|开发区|工业园区?)?)+"
)
_NOTE: Final = re.compile(r"\([^()]*\)")
_SEVERAL: Final = re.compile(r"[,;、/|()\s]+")
_SHORTEST_PHONE: Final = 7


@dataclass(frozen=True, slots=True)
class Own:
    """Who sends a demand; ``None`` for what is not known."""

    organisation: str | None = None
    contact: str | None = None
    phone: str | None = None

    @classmethod
    def of(cls, demand: Demand) -> "Own":
        """Who sent this demand."""
        return cls(demand.organisation, demand.contact, demand.phone)


def own_spans(original: str, text: str, own: Own) -> Iterator[tuple[Kind, Span, bool]]:
    """Where a text carries what belongs to its sender; the last value says in which spelling.

    True: the span counts in normalised ``text``; False: in ``original``, for a mark beside a name
    can change how the name normalises.
    """
    for haystack, is_normal in ((text, True), (original, False)):
        squeezed = _GAP.sub("", haystack)
        present = [(kind, needle) for kind, needle in _needles(own) if needle in squeezed]
        places = _places(haystack) if present else ()
        for kind, needle in present:
            for at in _occurrences(squeezed, needle):
                yield kind, (places[at], places[at + len(needle) - 1] + 1), is_normal


def _places(text: str) -> Sequence[int]:
    """Where each character of the text without gaps was."""
    return [i for i, char in enumerate(text) if not _GAP.match(char)]


def _occurrences(text: str, needle: str) -> Iterator[int]:
    at = text.find(needle)
    while at >= 0:
        yield at
        at = text.find(needle, at + len(needle))


@lru_cache(maxsize=256)
def _needles(own: Own) -> tuple[tuple[Kind, str], ...]:
    """What to look for in a text without gaps."""
    found: dict[Kind, set[str]] = {
        "organisation": _spellings(own.organisation) | short_names(own.organisation or ""),
        "person": _people(own.contact),
        "phone": _phones(own.phone),
    }
    return tuple((kind, needle) for kind, needles in found.items() for needle in sorted(needles))


def _spellings(value: str | None) -> set[str]:
    """As written and normalised, without gaps, if at least two characters remain."""
    written = {_GAP.sub("", form) for form in (value or "", normalised(value or ""))}
    return {form for form in written if len(form) > 1}


def short_names(organisation: str) -> set[str]:
    """The firm without place and legal form (华兴化工), and what alone tells it apart (华兴)."""
    whole = normalised(organisation).strip()
    bare = _NOTE.sub("", whole)
    middle = _LEGAL.sub("", _REGION.sub("", bare, count=1) if _REGION.match(bare) else bare)
    names = {_GAP.sub("", name) for name in (bare, middle)}
    telling = {name for name in names if not words("generic").issuperset(_words(name))}
    brands = {brand for brand in words("brands") if middle.startswith(brand)}
    return {name for name in telling if len(name) > 3} | _openings(_words(middle)) | brands


def _openings(parts: Sequence[str]) -> set[str]:
    """The shortest opening that is distinctive (华兴 of 华兴化工), and all before the trade."""
    before_trade = [*takewhile(lambda part: part not in words("generic"), parts)]
    openings = [*accumulate(before_trade)]
    distinctive = [name for name in openings if is_distinctive(name)]
    return {*distinctive[:1], *(opening for opening in openings[1:][-1:] if len(opening) > 2)}


def _words(text: str) -> list[str]:
    """The words of a name, without the shorter ones inside."""
    found: list[str] = []
    end = 0
    for word, start, stop in sorted(cut(text), key=lambda item: (item[1], -item[2])):
        if start >= end and not word.isspace():
            found.append(word)
            end = stop
    return found


def _people(contact: str | None) -> set[str]:
    """The whole entry, and each of several people in it; digits are telephones."""
    parts = _SEVERAL.split(_NOTE.sub("", normalised(contact or "")))
    people = {part for part in parts if len(part) > 1 and not any(map(str.isdigit, part))}
    return _spellings(contact) | people


def _phones(phone: str | None) -> set[str]:
    """The digits of each number, whole, without 86 and extension, and without the area code."""
    found = _spellings(phone)
    for number in re.split(r"转|[,;、/]", normalised(phone or "")):
        digits = re.sub(r"\D", "", number)
        national = re.sub(r"\A(?:00)?86(?=\d{10,11}\Z)", "", digits)
        local = re.sub(r"\A0(?:10|2\d|[3-9]\d\d)(?=\d{7,8}\Z)", "", national)
        found |= {digits, national, local}
    return {number for number in found if len(number) >= _SHORTEST_PHONE}
