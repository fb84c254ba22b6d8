"""The one sentence on top of a pairing; it says no more than the numbers do."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from matcher.ranking.explanation import Explanation
from matcher.ranking.phrases import strongest, texts_and_shares
from matcher.ranking.shares import OTHER_NEW_WORDS
from matcher.records import Claim, Grading

GRADE_NAMES: Final[Mapping[int, str]] = MappingProxyType(
    {4: "强相关", 3: "较强相关", 2: "弱相关", 1: "无相关"}
)
FEATURE_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "score": "综合相似度",
        "title_similarity": "名称与名称相近",
        "text_similarity": "全文与全文相近",
        "title_in_text": "名称与对方全文相近",
        "text_in_title": "全文与对方名称相近",
        "word_similarity": "共同的词语",
        "character_similarity": "共同的单字",
        "name_similarity": "共同的型号与外文",
        "rarest_term": "最少见的共同词",
        "coverage": "要点被覆盖的程度",
        "title_coverage": "对方名称被提到的程度",
        "best_sentence": "最相近的一句",
        "neighbours": "与其他靠前结果相近",
        "described": "有详细说明",
        "same_field": "技术领域一致",
        "same_industry": "行业一致",
        "decided_grade": "与已评成果相近者的等级",
        "accepted_similarity": "与已采纳的成果相近",
        "usable_similarity": "与可用的成果相近",
        "rejected_distance": "与不合适的成果不同",
        "decided_contrast": "在已评成果中的位置",
        "decided_mean": "本需求已评等级的平均",
        "decided_usable": "本需求可用成果的比例",
        "decided_accepted": "本需求采纳成果的比例",
        "quantity_agreement": "指标符合程度",
    }
)
_MOST_NAMED: Final = 3


def summary(
    why: Explanation, score: float, grading: Grading | None, claims: Sequence[Claim]
) -> str:
    """Shared words with their part of the score, then the indicators that were compared."""
    return f"{_grade(grading)}{_words(why, score)}{_verdicts(claims)}。"


def _grade(grading: Grading | None) -> str:
    if grading is None:
        return ""
    chance = round(100 * grading.strong)
    return f"{GRADE_NAMES[grading.grade]}（较强以上的可能性约 {chance}%）；"


def _words(why: Explanation, score: float) -> str:
    if not score:
        return "双方没有共同的词语"
    texts, shares, others = strongest(why.phrases)
    named = _named(texts)
    if others and len(named) < _MOST_NAMED:
        texts, shares = texts_and_shares(why.phrases)
        named = _named(texts)
    if not named:
        return "双方只有零散的单字相同"
    words = "”“".join([texts[at] for at in named])
    # Rounded down: the sentence must not claim more than there is, nor all while others count.
    percent = int(100 * sum([shares[at] for at in named]) / score + 1e-9)
    return f"双方都提到“{words}”，合占相似度的 {percent}%"


def _named(texts: Sequence[str]) -> list[int]:
    words = [at for at, text in enumerate(texts) if len(text) > 1 and text != OTHER_NEW_WORDS]
    return words[:_MOST_NAMED]


def _verdicts(claims: Sequence[Claim]) -> str:
    if not claims:
        return ""
    verdicts = [claim.verdict for claim in claims]
    met, unmet = verdicts.count("met"), verdicts.count("unmet")
    if not met + unmet:
        return ""
    return f"；可比的 {met + unmet} 项指标中 {met} 项符合"
