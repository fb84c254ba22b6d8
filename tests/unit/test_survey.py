"""What the libraries say of a demand: keywords, field, industry, and how much there may be."""

from dataclasses import replace

import pytest

from matcher import Achievement, Demand, Matchmaker
from matcher.coaching.survey import Survey
from matcher.coaching.voting import elected
from models.default import default_grader


@pytest.fixture(scope="module")
def matchmaker(demo_matchmaker: Matchmaker) -> Matchmaker:
    m = demo_matchmaker
    return Matchmaker(m.representation, m.achievements, m.demands, default_grader())


def typed(demand: Demand) -> Demand:
    """As on the form, before anything was chosen."""
    return replace(demand, keywords=(), field=None, industry=None)


def test_a_vote_needs_its_majority() -> None:
    votes = [(0.5, "新材料"), (0.4, "电子信息"), (0.1, "电子信息")]
    assert elected(votes, 0.5) == "新材料"
    assert elected(votes, 0.7) is None
    assert elected([], 0.1) is None
    assert elected([(0.9, None)], 0.1) is None


def test_ties_go_to_the_first_by_name() -> None:
    assert elected([(0.5, "乙"), (0.5, "丙")], 0.5) == elected([(0.5, "丙"), (0.5, "乙")], 0.5)


def test_far_records_do_not_outvote_near_ones() -> None:
    votes = [(0.5, "近")] * 20 + [(0.01, "远")] * 5000
    assert elected(votes, 0.99) == "近"


def test_nothing_typed_is_surveyed_as_nothing(matchmaker: Matchmaker) -> None:
    assert matchmaker.survey(Demand(id="")) == Survey()
    assert matchmaker.survey(Demand(id="", problem="，。 😀")).related in (None, 0)


def test_no_grader_gives_no_number(demo_matchmaker: Matchmaker, demo_demands: list[Demand]) -> None:
    found = demo_matchmaker.survey(typed(demo_demands[0]))
    assert found.related is None
    assert found.keywords


def test_no_record_is_read(matchmaker: Matchmaker, demo_demands: list[Demand]) -> None:
    class Closed:
        def get_many(self, _: object) -> object:
            raise AssertionError("a record was read")

    offers, needs = matchmaker.achievements._records, matchmaker.demands._records
    try:
        matchmaker.achievements._records = matchmaker.demands._records = Closed()  # type: ignore[assignment]
        assert matchmaker.survey(typed(demo_demands[0])).keywords
    finally:
        matchmaker.achievements._records, matchmaker.demands._records = offers, needs


def test_a_stored_demand_does_not_vote_for_itself() -> None:
    text = "低温烧结银浆"
    own = Demand(id="own", title=text, field="新材料", industry="制造业")
    engine = Matchmaker.from_records([Achievement(id="a", title="光伏")], [own])
    assert engine.survey(replace(own, field=None)).field is None
    assert engine.survey(replace(own, id="")).field == "新材料"


def test_keywords_are_words_of_the_text_and_none_lies_inside_another(
    matchmaker: Matchmaker, demo_demands: list[Demand]
) -> None:
    for demand in demo_demands:
        words = matchmaker.survey(typed(demand)).keywords
        whole = "\n".join(demand.texts().values())
        assert 1 <= len(words) <= 5
        assert all(word in whole for word in words)
        assert not any(a in b for a in words for b in words if a != b)
