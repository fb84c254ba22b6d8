"""The one sentence on top of a pairing says no more than the numbers do."""

import re
from collections.abc import Sequence

import pytest

from matcher.pairing.wording import GRADE_NAMES, summary
from matcher.ranking.explanation import Explanation
from matcher.records import Claim, Grading, Phrase


def explained(*phrases: tuple[str, float]) -> Explanation:
    found = tuple(Phrase(text, share, (text,)) for text, share in phrases)
    return Explanation((), found, {}, None, {}, {}, ())


def graded(grade: int, probabilities: Sequence[float]) -> Grading:
    return Grading(grade, 0.0, tuple(probabilities), 0.0, 0.0, ())


def claimed(**verdicts: int) -> list[Claim]:
    return [
        Claim("纯度", "≥95%", None if verdict == "unknown" else "99%", verdict)  # type: ignore[arg-type]
        for verdict, count in verdicts.items()
        for _ in range(count)
    ]


@pytest.mark.parametrize(
    ("phrases", "score", "said"),
    [
        ([("氨氮", 0.3)], 0.3, "双方都提到“氨氮”，合占相似度的 100%。"),
        ([("氨氮", 0.1), ("膜曝气", 0.05)], 0.2, "双方都提到“氨氮”“膜曝气”，合占相似度的 75%。"),
        (
            [("甲乙", 0.1), ("丙丁", 0.1), ("戊己", 0.05), ("庚辛", 0.05)],
            0.3,
            "双方都提到“甲乙”“丙丁”“戊己”，合占相似度的 83%。",
        ),
        ([("氨氮", 0.29999), ("的", 0.00001)], 0.3, "双方都提到“氨氮”，合占相似度的 99%。"),
        ([("膜", 0.2), ("氨氮", 0.1)], 0.3, "双方都提到“氨氮”，合占相似度的 33%。"),
        ([("膜", 0.2), ("水", 0.1)], 0.3, "双方只有零散的单字相同。"),
        ([("氨氮", 0.001), ("膜", 0.999)], 1.0, "双方都提到“氨氮”，合占相似度的 0%。"),
    ],
)
def test_shared_words_and_their_part_of_the_score_rounded_down(
    phrases: list[tuple[str, float]], score: float, said: str
) -> None:
    assert summary(explained(*phrases), score, None, ()) == said


@pytest.mark.parametrize("tenths", range(1, 11))
def test_a_part_that_is_a_whole_number_is_not_rounded_below_it(tenths: int) -> None:
    phrases = [("氨氮", 0.1 * tenths), ("膜", 1.0 - 0.1 * tenths)]
    assert f" {10 * tenths}%" in summary(explained(*phrases), 1.0, None, ())


def test_without_a_grader_no_grade_is_named() -> None:
    said = summary(explained(("氨氮", 0.3)), 0.4, None, claimed(met=1))
    assert not any(name in said for name in GRADE_NAMES.values())
    assert "可能性" not in said


@pytest.mark.parametrize(
    ("grade", "probabilities", "said"),
    [
        (4, [0.0, 0.05, 0.15, 0.8], "强相关（较强以上的可能性约 95%）；"),
        (3, [0.1, 0.3, 0.4, 0.2], "较强相关（较强以上的可能性约 60%）；"),
        (2, [0.1, 0.6, 0.2, 0.1], "弱相关（较强以上的可能性约 30%）；"),
        (1, [0.9, 0.1, 0.0, 0.0], "无相关（较强以上的可能性约 0%）；"),
    ],
)
def test_a_grade_comes_first_with_its_probability(
    grade: int, probabilities: list[float], said: str
) -> None:
    found = summary(explained(("氨氮", 0.3)), 0.4, graded(grade, probabilities), ())
    assert found == f"{said}双方都提到“氨氮”，合占相似度的 75%。"


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        (claimed(), ""),
        (claimed(unknown=3), ""),
        (claimed(met=2), "；可比的 2 项指标中 2 项符合"),
        (claimed(unmet=2, met=1, unknown=5), "；可比的 3 项指标中 1 项符合"),
        (claimed(unmet=1), "；可比的 1 项指标中 0 项符合"),
    ],
)
def test_only_indicators_that_could_be_compared_are_counted(claims: list[Claim], said: str) -> None:
    found = summary(explained(("氨氮", 0.3)), 0.3, None, claims)
    assert found == f"双方都提到“氨氮”，合占相似度的 100%{said}。"


def test_it_is_one_sentence_whatever_it_says() -> None:
    found = summary(
        explained(("氨氮", 0.3)), 0.3, graded(4, [0.0, 0.0, 0.5, 0.5]), claimed(met=1, unmet=1)
    )
    assert re.fullmatch(r"[^。]+。", found)
    assert "；；" not in found
