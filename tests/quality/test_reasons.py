"""Every reason that is shown for a demand of the demo is arithmetic that can be checked."""

import re
from collections.abc import Sequence

import pytest

from matcher import Achievement, Demand, Matchmaker, Pairing
from matcher.pairing.wording import GRADE_NAMES
from matcher.ranking.grader import NAMES
from matcher.text import tokenizer
from matcher.text.normalise import normalise
from models.default import default_grader

cut = tokenizer("rjieba")


@pytest.fixture(scope="module")
def pairings(demo_matchmaker: Matchmaker, demo_demands: Sequence[Demand]) -> list[Pairing]:
    graded = Matchmaker(
        demo_matchmaker.representation,
        demo_matchmaker.achievements,
        demo_matchmaker.demands,
        default_grader(),
    )
    found = [pairing for demand in demo_demands for pairing in graded.match(demand, 5).pairings]
    assert len(found) == 5 * len(demo_demands)
    return found


def spaceless(text: str) -> str:
    """95 ℃ and 95℃ are one term."""
    return "".join(normalise(text).text.split())


def test_phrases_terms_and_fields_each_add_up_to_the_score(pairings: Sequence[Pairing]) -> None:
    for pairing in pairings:
        score, reason = pytest.approx(pairing.score, abs=1e-5), pairing.reason
        assert sum(term.share for term in reason.terms) == score
        assert sum(phrase.share for phrase in reason.phrases) == score
        assert sum(reason.fields.values()) == score
        assert 0.0 < pairing.score <= 1.0


def test_contributions_and_intercept_add_up_to_the_raw_score(pairings: Sequence[Pairing]) -> None:
    for pairing in pairings:
        grading = pairing.grading
        assert grading is not None
        parts = grading.contributions
        assert grading.intercept + sum(part.share for part in parts) == pytest.approx(
            grading.raw, abs=1e-9
        )
        assert len({part.feature for part in parts}) == len(parts)
        assert {part.feature for part in parts} <= set(NAMES)
        strengths = [abs(part.share) for part in parts]
        assert strengths == sorted(strengths, reverse=True)
        assert all(strengths)


def test_grades_are_the_median_and_the_mean_of_the_probabilities(
    pairings: Sequence[Pairing],
) -> None:
    for pairing in pairings:
        grading = pairing.grading
        assert grading is not None
        probabilities = grading.probabilities
        assert min(probabilities) >= 0.0
        assert sum(probabilities) == pytest.approx(1.0)
        mean = sum(grade * p for grade, p in enumerate(probabilities, 1))
        assert grading.expected == pytest.approx(mean)
        assert sum(probabilities[: grading.grade]) >= 0.5 - 1e-9
        assert sum(probabilities[: grading.grade - 1]) < 0.5
        assert grading.strong == pytest.approx(sum(probabilities[2:]))


def test_the_sentence_stands_where_it_is_said_to(pairings: Sequence[Pairing]) -> None:
    for pairing in pairings:
        sentence = pairing.reason.sentence
        assert sentence is not None
        start, end = sentence.span
        assert pairing.achievement.texts()[sentence.field][start:end] == sentence.text != ""


def test_what_is_said_to_be_required_and_claimed_occurs_in_the_records(
    pairings: Sequence[Pairing],
) -> None:
    compared = 0
    for pairing in pairings:
        required = "\n".join(pairing.demand.texts().values())
        claimed = "\n".join(pairing.achievement.texts().values())
        for claim in pairing.reason.claims:
            assert claim.required in required
            assert (claim.claimed is None) <= (claim.verdict == "unknown")
            if claim.claimed is not None:
                assert claim.claimed in claimed
                compared += claim.verdict != "unknown"
    assert compared > 20


def test_the_summary_says_what_the_numbers_do(pairings: Sequence[Pairing]) -> None:
    for pairing in pairings:
        said, grading = pairing.reason.summary, pairing.grading
        assert grading is not None
        assert said.startswith(f"{GRADE_NAMES[grading.grade]}（较强以上的可能性约 ")
        assert f"约 {round(100 * grading.strong)}%" in said
        shares = {phrase.text: phrase.share for phrase in pairing.reason.phrases}
        named = re.findall(r"“(.+?)”", said)
        demand = spaceless("\n".join(pairing.demand.texts().values()))
        for word in named:
            assert any(word in text for text in pairing.achievement.texts().values())
            assert spaceless(word) in demand
        if named:
            [percent] = re.findall(r"合占相似度的 (\d+)%", said)
            whole = 100 * sum(shares[word] for word in named) / pairing.score
            assert int(percent) <= whole + 1e-6 < int(percent) + 1.001
        counted = [claim.verdict for claim in pairing.reason.claims if claim.verdict != "unknown"]
        told = re.findall(r"可比的 (\d+) 项指标中 (\d+) 项符合", said)
        assert told == ([(str(len(counted)), str(counted.count("met")))] if counted else [])


def true_of(sentence: str, demand: Demand, achievement: Achievement) -> bool:
    """Whether an objection holds, read from nothing but its words and the records."""
    kind, _, said = sentence.rstrip("。").partition("：")
    if kind == "成熟度不足":
        wanted, offered = map(int, re.findall(r"TRL (\d)", said))
        return wanted == demand.maturity_min and offered == achievement.maturity < wanted
    if kind == "报价高于预算":
        price, budget = map(float, re.findall(r"([\d.]+) 万元", said))
        return price == achievement.price_min and budget == demand.budget and price > budget
    if kind == "技术领域不同":
        ours, theirs = re.findall(r"“(.+?)”", said)
        return ours == demand.field and theirs == achievement.field and ours != theirs
    offer = "\n".join(achievement.texts().values())
    if kind == "指标未达":
        required, claimed = re.findall(r"“(.+?)”", said)
        return required in "\n".join(demand.texts().values()) and claimed in offer
    if kind == "成果没有提到":
        return not any(word in normalise(offer).text for word in said.split("、"))
    raise AssertionError(sentence)


def test_words_that_are_said_not_to_be_mentioned_are_none_of_its_terms(
    pairings: Sequence[Pairing],
) -> None:
    for pairing in pairings:
        terms = {t for text in pairing.achievement.texts().values() for t in cut.terms(text)}
        for sentence in pairing.reason.against:
            kind, _, said = sentence.rstrip("。").partition("：")
            if kind == "成果没有提到":
                assert not terms & set(said.split("、"))


def test_what_is_said_against_a_pairing_is_true_of_its_records(
    pairings: Sequence[Pairing],
) -> None:
    said = [(s, pairing) for pairing in pairings for s in pairing.reason.against]
    kinds = {sentence.partition("：")[0] for sentence, _ in said}
    assert {"指标未达", "成熟度不足", "技术领域不同", "成果没有提到"} <= kinds
    false = [
        (sentence, pairing.demand.id, pairing.achievement.id)
        for sentence, pairing in said
        if not true_of(sentence, pairing.demand, pairing.achievement)
    ]
    assert false == []


def test_what_could_be_said_against_a_pairing_is_said(pairings: Sequence[Pairing]) -> None:
    for pairing in pairings:
        demand, offer = pairing.demand, pairing.achievement
        said = {sentence.partition("：")[0] for sentence in pairing.reason.against}
        assert ("技术领域不同" in said) == (
            None not in (demand.field, offer.field) and demand.field != offer.field
        )
        assert ("成熟度不足" in said) == (
            demand.maturity_min is not None
            and offer.maturity is not None
            and offer.maturity < demand.maturity_min
        )
        assert ("报价高于预算" in said) == (
            demand.budget is not None
            and offer.price_min is not None
            and offer.price_min > demand.budget
        )
        unmet = [claim for claim in pairing.reason.claims if claim.verdict == "unmet"]
        assert sum(s.startswith("指标未达") for s in pairing.reason.against) == len(unmet)


def test_highlights_mark_shared_terms_on_both_sides(pairings: Sequence[Pairing]) -> None:
    for pairing in pairings:
        for marked, texts in (
            (pairing.reason.demand_highlights, pairing.demand.texts()),
            (pairing.reason.achievement_highlights, pairing.achievement.texts()),
        ):
            assert marked
            for field, spans in marked.items():
                for start, end in spans:
                    terms = {t.term for t in cut.tokens(texts[field][start:end])}
                    assert terms & {share.term for share in pairing.reason.terms}
