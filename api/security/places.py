"""Addresses that lead to a door: a road with a number, a building of a park, a town of a county.

They are read from their end, as organisations are: only what precedes one is looked at.
"""

import re
from collections.abc import Iterator
from typing import Final

from api.security.lexicon import one_of
from matcher.records import Span

_HAN: Final = "\u4e00-\u9fff"
_BUILDING: Final = r"(?:[\da-z-]{1,8}(?:号楼|[幢栋座楼层室院])){0,4}"
_END: Final = re.compile(
    r"(?P<door>(?:(?<![线管回电油气水支网旁通思链光铁道一二两双多单各])路|大道|街|巷|胡同)[东南西北中]?段?\s?"
    rf"\d{{1,5}}(?:-\d{{1,4}})?\s?号(?![机泵线炉井床样点站变柜阀管车钢库塔段轧]){_BUILDING})"
    rf"|(?P<park>(?:产业|工业|科技|创业|软件|物流)(?:园区|园|城|港)\s?[a-z\d]{{1,3}}\s?(?:号楼?|[幢栋座]){_BUILDING})"
    rf"|(?P<town>(?<=[{_HAN}]{{2}})(?:镇|乡|街道)(?!企业|政府|污水|居民|[{_HAN}]?级)(?:[{_HAN}]{{1,4}}村)?)"
)
_BEFORE: Final = re.compile(rf"[{_HAN}\d]{{1,24}}\Z")
_REGION: Final = re.compile(rf"(?:{one_of('regions')})(?:[省市县区盟州]|自治)?")
_COUNTY: Final = re.compile(
    rf"(?![在以于从到为至是])[{_HAN}]{{2,3}}[市县区旗](?=[{_HAN}]{{2,4}}\Z)"
)
_STOP: Final = re.compile("[在于为至到是往从由的和与及]")
_LABELLED: Final = re.compile(
    rf"(?:地址|住所)\s?[:为是]\s?(?=[{_HAN}]{{1,9}}[省市县区镇路街])([\w()-]{{4,40}})"
)
_LONGEST: Final = 24


def places(text: str) -> Iterator[Span]:
    """Where normalised ``text`` gives an address away."""
    for match in _LABELLED.finditer(text):
        yield match.span(1)
    floor = 0
    for match in _END.finditer(text):
        start = _start(text, floor, match.start(), is_town=match.lastgroup == "town")
        if start is not None:
            yield start, match.end()
        floor = match.end()


def _start(text: str, floor: int, end: int, is_town: bool) -> int | None:
    """Where the address begins whose last part begins at ``end``; None if there is none."""
    floor = max(floor, end - _LONGEST)
    run = _BEFORE.search(text, floor, end)
    if run is None:
        return None
    county = _COUNTY.search(text, run.start(), end)
    if is_town and not county:
        return None
    opening = _REGION.search(text, run.start(), end) or county
    return opening.start() if opening else _start_of_road(text, run.start(), end)


def _start_of_road(text: str, floor: int, end: int) -> int | None:
    """Where the name of a road begins of which no region is told: three characters at most."""
    stops = [match.end() for match in _STOP.finditer(text, floor, end)]
    start = max([*stops, end - 3, floor])
    return start if start < end else None
