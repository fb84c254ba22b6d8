"""Names of people, but only beside a word that says so: 联系人：张三, 王工, 李经理."""

import re
from collections.abc import Iterator
from typing import Final

from api.security.lexicon import one_of
from matcher.records import Span

_HAN: Final = "\u4e00-\u9fff"
_SURNAME: Final = f"(?:{one_of('surnames')})"
_ROLE: Final = (
    "(?:联系人|联络人|负责人|经办人|填报人|填表人|联系人姓名|姓名|法定代表人|法人代表|法人|发明人|设计人"
    "|董事长|总经理|总工程师|总工|首席专家|技术总监|厂长|院长|所长|导师)"
)
_TITLE: Final = (
    "(?:副?总工程师|副?总经理|总工|总师|总监|副总|工程师|高工|经理|主任|主管|董事长|董事|副?教授|研究员|老师|博士|院士"
    "|厂长|部长|科长|处长|局长|院长|所长|校长|队长|站长|矿长|会长|书记|先生|女士|师傅|老板)"
)
_END: Final = rf"(?![{_HAN}])|(?=电话|手机|联系|微信|邮箱|先生|女士|教授|博士|老师|院士|团队)"
_AFTER_ROLE: Final = re.compile(
    rf"{_ROLE}\s?(?:[:为是]\s?|\s|)(?P<it>{_SURNAME}(?:·?[{_HAN}]){{1,2}}?)(?:{_END})"
)
_LEFT: Final = (
    rf"(?:(?<![{_HAN}])|(?<=联系)|(?<=请找)|(?<=请与)|(?<=咨询)|(?<=[与和找问由及跟请为是]))"
)
_TITLED: Final = re.compile(
    rf"{_TITLE}(?:(?![{_HAN}])|(?=[的等在和及与]|团队|课题组|电话|手机|联系|介绍|主持|牵头|负责|指导|提[出供]))"
    rf"|(?P<short>[工总])(?:{_END})"
)
_NAME: Final = re.compile(rf"{_LEFT}{_SURNAME}[{_HAN}]{{0,2}}\Z")
_SURNAME_ALONE: Final = re.compile(rf"{_LEFT}{_SURNAME}\Z")
_LONGEST: Final = 4
"""Characters of a name before a title."""
_ORDINARY: Final = re.compile(
    "高级|包括|项目|单位|安全|车间|强化|成长|方案|路由|万能|温控|项总|成总|[施高石金车钟陶]工|方总"
)
"""How words begin that open like a name and stand before a title: 高级工程师, 项目经理."""


def persons(text: str) -> Iterator[Span]:
    """Where normalised ``text`` names a person."""
    for match in _AFTER_ROLE.finditer(text):
        yield match.span("it")
    for match in _TITLED.finditer(text):
        pattern = _SURNAME_ALONE if match["short"] else _NAME
        name = pattern.search(text, max(0, match.start() - _LONGEST), match.start())
        if name and not _ORDINARY.match(text, name.start()):
            yield name.start(), match.end()
