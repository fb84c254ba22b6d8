"""The coach on any text: nothing is raised, scores are in range, places lie in the text."""

from hypothesis import given
from hypothesis import strategies as st

from matcher.coaching import coach
from matcher.coaching.findings import BEST
from matcher.coaching.reading import FIELDS
from tests.property.texts import messy, sentences

_PIECES = (
    "成本尽量低 大幅提高 堆积密度要高 目前 靠人工 经常 开裂 去年退货4次 试过 一年内 验收 太高",
    "我厂做 ≥5 MPa 漏检率≤0.2% 预算30万元 不超过 ， 。 ； \n 𠮷 \u202e \u200b ① 廢水處理 😀 “ ”",
)
_PHRASES = st.lists(
    st.sampled_from([piece for line in _PIECES for piece in line.split(" ")]), max_size=25
).map("".join)
_TEXTS = st.one_of(_PHRASES, sentences, messy)
_FORMS = st.dictionaries(st.sampled_from(FIELDS), _TEXTS)
_GIVEN = st.frozensets(st.sampled_from(("budget", "deadline")))


@given(_FORMS, _GIVEN)
def test_scores_are_in_range_and_a_suggestion_is_missing_only_at_the_top(
    texts: dict[str, str], filled: frozenset[str]
) -> None:
    found = coach(texts, filled)
    assert found.score == sum(c.score for c in found.criteria)
    for criterion in found.criteria:
        assert 0 <= criterion.score <= BEST
        assert (criterion.suggestion is None) == (criterion.score == BEST)


@given(_FORMS, _GIVEN)
def test_every_place_lies_in_its_text(texts: dict[str, str], filled: frozenset[str]) -> None:
    found = coach(texts, filled)
    for criterion in found.criteria:
        for place in criterion.evidence:
            start, end = place.span
            assert 0 <= start <= end <= len(texts.get(place.field, ""))
            assert texts.get(place.field, "")[start:end] == place.text
        if criterion.suggestion and criterion.suggestion.span:
            start, end = criterion.suggestion.span
            assert 0 <= start <= end <= len(texts[criterion.suggestion.field])
    for field, quantity in found.quantities:
        assert texts[field][slice(*quantity.span)] == quantity.text


@given(_FORMS)
def test_suggestions_are_single_sentences(texts: dict[str, str]) -> None:
    for criterion in coach(texts).criteria:
        if criterion.suggestion:
            assert criterion.suggestion.text.endswith("。")
            assert "\n" not in criterion.suggestion.text
            assert len(criterion.suggestion.text) < 160


@given(_FORMS)
def test_a_budget_never_lowers_the_score(texts: dict[str, str]) -> None:
    assert coach(texts, frozenset({"budget"})).score >= coach(texts).score
