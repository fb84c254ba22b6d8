"""指标名: the property that a quantity belongs to, and when two names mean one property."""

import re
from functools import lru_cache
from typing import Final

from matcher.text.lazy import LazyPattern
from matcher.text.lexicon.measures import generic_properties, synonyms
from matcher.text.normalise import normalised

_WINDOW: Final = 30
"""Characters before a quantity in which its name is looked for."""
_LONGEST: Final = 12
"""Characters of a name; of a longer run of words the end is kept."""
_UP_TO_CLAUSE: Final = LazyPattern(r".*(?:[,、。;!?\n()\t【】\[\]\"“”《》|]|\\[nrt])", re.DOTALL)
_AFTER: Final = LazyPattern(r"的?\s?([\u4e00-\u9fff]{2,8}|ph|cod)(?=[\s,、。;!?\n()]|\Z)")
_GROUP: Final = LazyPattern(r"\([^()]{0,20}\)\s*\Z")
_TAIL: Final = LazyPattern(
    r"""(?=[达可高保维稳控压做放处介位选采提升降下增缩减由从自被将已经仅只需分一通大要须应能都均约近具拥有为是在至到于不也就且和与及或别仍
还最希允优折合相的了以之平多每值:=~∶,·\-–—_±\s])(?:达到|可达|高达|达|保持在?|维持在?|稳定在|稳定|控制在?|压到|压缩到|做到|放宽到|处于|介于|位于|选用|采用
    |提高到?|提升到?|降低到?|降到|降至|下降到?|升到|升至|增至|增加到?|缩短到?|减少到?|减到|减至|由|从|自|被|将|已经|已|经
    |仅需|只需|只要|需要|仅|只有?|分别|一般|通常|大致|要求|须|需|(?<![反响感效供适])应|可以|可|能够|(?<![产性功势节储电热动])能|要|都|均|约|近|大约|具有|拥有|(?<![含固特])有|为|是|在|至|到|于|不|也|就|且|和|与|及|或
    |也?别|仍|还|最好|希望|不得|不应|允许|优于|折合|合计|相比|的|了|以|之间|平均|最?多|最少|至少|每|值为|(?<=ph)值|[:=~∶,·\-–—~_±]|\s)+\Z""",
    re.VERBOSE,
)
_TAIL_ENDS: Final = frozenset(
    "到达持在定制于用高升低降至加短少由从自被将已经需要仅只有别般常致求须应以可能够都均约近为是不也就且和与及或仍还好望"
    "得许合计比的了间多每值:=~∶,·-–—_±"
)
"""The last characters of all that ``_TAIL`` can find, besides white space: to spare searches.

Its first ones stand before it, for to look for one of some hundred words at each place takes long.
"""
_CUT: Final = LazyPattern(
    r"""(?=[的使将把被后时下与和及或达实保确具满要可能并而其该经通采对特关条情范以左：:\-→\s])(?:
    的(?!士)|使(?!用)|将|把|被|后(?![处续期端缀])|(?<![准实及小工定同临即延])时(?![间长效延速钟刻段序变域空隙差尚])|下(?![降限游料行沉垂层线压方肢滑腹])
    |与|和(?![易弦谐])|及|或|达(?!到)|实现|保证|确保|具有|具备|满足|要求|可使|使得|能把|并[且]?|而(?!且)|其|该|经过|通过|采用|对于|特别是|关于|条件|使用(?=[\u4e00-\u9fff]{3})
    |情况|范围内|以上|以下|以内|左右|：|:|->|→|\s(?=[\u4e00-\u9fff]))""",
    re.VERBOSE,
)
_HEAD: Final = LazyPattern(
    r"""(?:现在|目前|在(?!线)|可(?![靠燃])|能(?![耗量源效力级])|够|以|且|并(?![网联发行])|则|当(?!量)|从|由|于
    |需|须|应(?![力变急用答])|要|最好|希望|同时|其中|整体|仅|约|近(?!红)|再(?!生)|还(?!原)|又|也|就|了|个|年度|内(?![径阻部应存衬孔置])
    |上(?!升)|中(?![心位值])|等(?![离效])|至|到
    |左右|以?后(?![处续角])|以?下(?![降限游料])|累计|[-–—~+*/·.)'\s\d%℄°])+""",
    re.VERBOSE,
)
_COMPARED: Final = LazyPattern(
    r"(?=[不低高超小大少多相比较])(?:不?(?:低于|高于|超过|小于|大于|少于|多于)|(?:相?比|较)(?=\S)(?![例表重值容色率对功强能热大小高低长短好冲]))"
)
"""Where a name gives way to what it is compared with: 焊缝强度不低于母材, 风险值较直线航路."""
_TIMES: Final = frozenset("延工耗用历小定航准")
"""Characters with which 时 makes a property: 延时, 工时."""
_LETTERS: Final = LazyPattern(r"[\u4e00-\u9fff]{2}|[a-zα-ω]")
_OTHER_STATE: Final = LazyPattern(
    r"对|针对|原矿|来料|原始|进水|进口|入口|原水|原料|初始|处理前|传统|现有|现行|常规|对照|空白"
)
_QUALIFIER: Final = LazyPattern(
    r"^(?:平均|最大|最高|最小|最低|总体|整体|综合|其|产品|实测|设计)(?=..)"
)


def before(text: str, floor: int, end: int) -> tuple[int, int]:
    """Where in ``text[floor:end]`` the name stands that leads up to ``end``; empty if none does."""
    start = max(floor, end - _WINDOW)
    window = text[start:end]
    window = _without_tail(window)
    if window.endswith(")"):
        group = _GROUP.search(window)
        window = _without_tail(window[: group.start()]) if group else window[:-1]
    clause = _UP_TO_CLAUSE.match(window)
    cut = clause.end() if clause else 0
    for match in _CUT.finditer(window, cut):
        if len(window) - match.end() >= 2:
            cut = match.end()
    head = _HEAD.match(window, cut)
    cut = head.end() if head else cut
    compared = _COMPARED.search(window, cut)
    if compared:
        window = window[: compared.start()] if "比" in compared[0] or "较" in compared[0] else ""
    cut = _whole_word(window, max(cut, len(window) - _LONGEST))
    if _is_moment(window) or not _LETTERS.search(window, cut):
        return end, end
    return start + cut, start + len(window)


def _is_moment(window: str) -> bool:
    """Whether it says when: 处理后, 运行时."""
    last = window[-1:]
    return last in ("后", "前") or (last == "时" and window[-2:-1] not in _TIMES)


def _whole_word(window: str, cut: int) -> int:
    """``cut`` moved on to where a Latin word that it would halve has ended."""
    while 0 < cut < len(window) and "!" < window[cut - 1] < "~" and "!" < window[cut] < "~":
        cut += 1
    return cut


def _without_tail(window: str) -> str:
    if window and window[-1] not in _TAIL_ENDS and not window[-1].isspace():
        return window
    match = _TAIL.search(window)
    return window[: match.start()] if match else window


def after(text: str, start: int) -> tuple[int, int]:
    """Where the name stands that follows at ``start`` and fills its clause; empty if none does."""
    match = _AFTER.match(text, start + text.startswith(" ", start))
    if match is None or match[1].endswith(("以上", "以下", "以内", "左右", "之间")):
        return start, start
    return match.span(1)


def same(one: str, other: str) -> bool:
    """Whether two names mean one property: equal, synonyms, or one the end of the other.

    A general name such as 强度 is not the same as 剪切强度, and what comes in is not what goes out.
    """
    one, other = canonical(one), canonical(other)
    if not one or not other:
        return False
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < 2 or shorter in generic_properties() or not longer.endswith(shorter):
        return False
    qualifier = longer[: -len(shorter)]
    if qualifier[-1].isascii() and shorter[0].isascii():  # vcod is not cod
        return False
    return not _OTHER_STATE.match(longer)


@lru_cache(maxsize=8192)
def canonical(name: str) -> str:
    """The one spelling of a name: normalised, without qualifiers, the first of its synonyms."""
    plain = "".join(normalised(name).split())
    plain = synonyms().get(plain, plain)
    bare = _QUALIFIER.sub("", plain)
    return synonyms().get(bare, bare)
