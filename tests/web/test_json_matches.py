"""POST /api/v1/matches and the matches of a record: what is found, and how it is explained."""

import math
from itertools import accumulate
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.schemas import MatchAnswer
from api.services.workspace import Workspace
from matcher.values import COOPERATION_MODES, FIELDS
from tests.web.checks import (
    ACHIEVEMENT,
    ACHIEVEMENTS,
    DEMAND,
    DEMANDS,
    GRADE_NAMES,
    MATCHES,
    assert_problem,
)

pytestmark = pytest.mark.any_database

TEXT = "印染废水色度高、COD 难达标，想要低成本的深度处理工艺"
OFFER = "一种低成本吸附材料，用于印染废水脱色和 COD 深度处理"


def ask(client: TestClient, **body: Any) -> dict[str, Any]:
    response = client.post(MATCHES, json=body)
    assert response.status_code == 200, response.text[:500]
    answer: dict[str, Any] = response.json()
    return answer


@pytest.mark.parametrize("body", [{"text": TEXT, "k": 20}, {"text": OFFER, "direction": "demands"}])
def test_an_answer_is_written_as_its_documented_shape_would_be(
    client: TestClient, body: dict[str, Any]
) -> None:
    response = client.post(MATCHES, json=body)
    assert response.headers["content-type"] == "application/json"
    assert response.json()["pairings"]
    documented = MatchAnswer.model_validate_json(response.content)
    assert response.text == documented.model_dump_json()


def found_ids(answer: dict[str, Any]) -> list[str]:
    side = "achievement" if answer["direction"] == "achievements" else "demand"
    return [pairing[side]["id"] for pairing in answer["pairings"]]


def assert_ordered(pairings: list[dict[str, Any]], side: str) -> None:
    """By three times the score plus the expected grade, ties by id."""
    order = [(-(p["grading"]["expected"] + 3 * p["score"]), p[side]["id"]) for p in pairings]
    assert order == sorted(order)


def texts_of(record: dict[str, Any]) -> dict[str, str]:
    """The texts of a record in JSON, keywords joined as the engine reads them."""
    names = ("title", "abstract", "problem", "indicators", "goal")
    texts = {name: record[name] for name in names if name in record}
    return texts | {"keywords": "；".join(record["keywords"])}


@pytest.fixture(scope="module")
def some_demands(workspace: Workspace) -> list[str]:
    return sorted(workspace.demands.stamps())[::9]


@pytest.fixture(scope="module")
def some_achievements(workspace: Workspace) -> list[str]:
    return sorted(workspace.achievements.stamps())[::24]


# What can be asked


def test_text_finds_achievements_unless_told_otherwise(client: TestClient) -> None:
    answer = ask(client, text=TEXT)
    assert answer["direction"] == "achievements"
    assert len(answer["pairings"]) == 10
    assert "废水" in str(answer["pairings"][0]["achievement"])
    assert answer == ask(client, text=TEXT, direction="achievements", k=10, filters={})


def test_text_finds_demands_when_asked(client: TestClient) -> None:
    answer = ask(client, text=OFFER, direction="demands")
    assert answer["direction"] == "demands"
    assert all(pairing["demand"]["id"] for pairing in answer["pairings"])
    assert all(pairing["achievement"] is None for pairing in answer["pairings"])


def test_a_text_query_is_not_repeated_in_the_answer(client: TestClient) -> None:
    answer = ask(client, text=TEXT)
    assert all(pairing["demand"] is None for pairing in answer["pairings"])


def test_the_id_of_a_demand_finds_achievements(client: TestClient, some_demands: list[str]) -> None:
    for id_ in some_demands:
        answer = ask(client, id=id_, k=3)
        assert answer["direction"] == "achievements"
        assert [p["demand"]["id"] for p in answer["pairings"]] == [id_] * 3
        assert answer == ask(client, id=id_, direction="achievements", k=3)


def test_the_id_of_an_achievement_finds_demands(
    client: TestClient, some_achievements: list[str]
) -> None:
    for id_ in some_achievements:
        answer = ask(client, id=id_, k=3)
        assert answer["direction"] == "demands"
        assert [p["achievement"]["id"] for p in answer["pairings"]] == [id_] * 3


def test_the_matches_of_a_record_are_those_of_its_id(
    client: TestClient, some_demands: list[str], some_achievements: list[str]
) -> None:
    for base, ids in ((DEMANDS, some_demands), (ACHIEVEMENTS, some_achievements)):
        response = client.get(f"{base}/{ids[0]}/matches", params={"k": 4})
        assert response.json() == ask(client, id=ids[0], k=4)
        assert len(client.get(f"{base}/{ids[0]}/matches").json()["pairings"]) == 10


def test_k_bounds_the_answer_and_a_smaller_k_is_its_beginning(client: TestClient) -> None:
    whole = found_ids(ask(client, text=TEXT, k=100))
    assert 10 < len(whole) <= 100
    for k in (1, 2, 10):
        assert found_ids(ask(client, text=TEXT, k=k)) == whole[:k]


def test_asking_twice_gives_the_same_answer(client: TestClient) -> None:
    assert client.post(MATCHES, json={"text": TEXT}).content == (
        client.post(MATCHES, json={"text": TEXT}).content
    )


def test_the_answer_names_the_model(client: TestClient, workspace: Workspace) -> None:
    assert ask(client, text=TEXT)["model"] == workspace.registry.current()


def test_a_text_that_shares_nothing_gets_a_notice(client: TestClient) -> None:
    answer = ask(client, text="qqqqzzzz xxxxjjjj")
    assert answer["pairings"] == []
    assert answer["notice"]
    assert answer["unknown_terms"]


# What cannot be asked


@pytest.mark.usefixtures("unchanged")
class TestRefused:
    def test_a_direction_that_contradicts_the_record(
        self, client: TestClient, some_demands: list[str], some_achievements: list[str]
    ) -> None:
        for id_, wrong in ((some_demands[0], "demands"), (some_achievements[0], "achievements")):
            response = client.post(MATCHES, json={"id": id_, "direction": wrong})
            assert_problem(response, 422, "direction")

    @pytest.mark.parametrize("body", [{}, {"k": 3}, {"text": None, "id": None}])
    def test_neither_text_nor_id(self, client: TestClient, body: dict[str, Any]) -> None:
        assert_problem(client.post(MATCHES, json=body), 422, "text")

    def test_text_and_id_together(self, client: TestClient, some_demands: list[str]) -> None:
        response = client.post(MATCHES, json={"text": TEXT, "id": some_demands[0]})
        assert_problem(response, 422, "text")

    @pytest.mark.parametrize("k", [0, -1, 101, 10**9, 10**30, 1.5, "x", "", None, [3], {}])
    def test_a_k_that_is_no_number_from_1_to_100(self, client: TestClient, k: object) -> None:
        assert_problem(client.post(MATCHES, json={"text": TEXT, "k": k}), 422, "k")

    @pytest.mark.parametrize("k", ["0", "-1", "101", "1000000000", "1.5", "x", "", "9" * 400])
    def test_a_k_in_the_address_that_is_no_number_from_1_to_100(
        self, client: TestClient, some_demands: list[str], some_achievements: list[str], k: str
    ) -> None:
        for base, ids in ((DEMANDS, some_demands), (ACHIEVEMENTS, some_achievements)):
            response = client.get(f"{base}/{ids[0]}/matches", params={"k": k})
            assert_problem(response, 422, "k")

    @pytest.mark.parametrize(
        ("filters", "field"),
        [
            ({"fields": ["炼金术"]}, "fields"),
            ({"fields": "炼金术"}, "fields"),
            ({"fields": ["资源与环境", "炼金术"]}, "fields"),
            ({"fields": [""]}, "fields"),
            ({"cooperation_modes": ["赠送"]}, "cooperation_modes"),
            ({"fields": 7}, "fields"),
            ({"regions": [None]}, "regions"),
            ({"providers": {"a": 1}}, "providers"),
            ({"maturity_min": 0}, "maturity_min"),
            ({"maturity_min": 10}, "maturity_min"),
            ({"maturity_max": 10}, "maturity_max"),
            ({"maturity_max": 4.5}, "maturity_max"),
            ({"maturity_max": "高"}, "maturity_max"),
            ({"maturity_min": 7, "maturity_max": 3}, "maturity_min"),
            ({"date_from": "2027-02-30"}, "date_from"),
            ({"date_from": "明天"}, "date_from"),
            ({"date_to": 20270630}, "date_to"),
            ({"date_to": ["2027-06-30"]}, "date_to"),
            ({"date_from": "2027-07-01", "date_to": "2027-06-30"}, "date_from"),
            ({"colour": "red"}, "colour"),
        ],
    )
    def test_filters_that_no_record_can_meet(
        self, client: TestClient, filters: dict[str, Any], field: str
    ) -> None:
        response = client.post(MATCHES, json={"text": TEXT, "filters": filters})
        assert_problem(response, 422, field)

    @pytest.mark.parametrize("direction", ["", "both", "Demands", 1, ["demands"]])
    def test_an_unknown_direction(self, client: TestClient, direction: object) -> None:
        response = client.post(MATCHES, json={"text": TEXT, "direction": direction})
        assert_problem(response, 422, "direction")

    def test_the_message_about_a_direction_has_no_english_conjunction(
        self, client: TestClient
    ) -> None:
        response = client.post(MATCHES, json={"text": TEXT, "direction": "both"})
        assert " or " not in assert_problem(response, 422)["detail"]

    @pytest.mark.parametrize("filters", [None, [], "x", 3])
    def test_filters_that_are_no_object(self, client: TestClient, filters: object) -> None:
        response = client.post(MATCHES, json={"text": TEXT, "filters": filters})
        assert_problem(response, 422, "filters")


# Filters


def _passes(record: dict[str, Any], filters: dict[str, Any]) -> bool:
    """The rules of ``matcher.filters.Filters``, read once more from their description."""
    region, maturity = record["region"] or "", record.get("maturity", record.get("maturity_min"))
    checks = [
        record["field"] in filters.get("fields", [record["field"]]),
        any(region == r or region.startswith(f"{r}-") for r in filters.get("regions", [region])),
        record.get("provider") in filters.get("providers", [record.get("provider")]),
        not filters.get("cooperation_modes")
        or set(record.get("cooperation_modes", ())) & set(filters["cooperation_modes"]),
    ]
    if "maturity_min" in filters or "maturity_max" in filters:
        low, high = filters.get("maturity_min", 1), filters.get("maturity_max", 9)
        checks.append(maturity is not None and low <= maturity <= high)
    if "date_from" in filters:
        checks.append(record["deadline"] is None or record["deadline"] >= filters["date_from"])
    if "date_to" in filters:
        checks.append(record["deadline"] is not None and record["deadline"] <= filters["date_to"])
    return all(checks)


FILTERS: list[dict[str, Any]] = [
    {"fields": ["资源与环境"]},
    {"fields": ["资源与环境", "新材料"]},
    {"regions": ["江苏"]},
    {"regions": ["浙江-杭州", "江苏"]},
    {"maturity_min": 8},
    {"maturity_max": 6},
    {"maturity_min": 5, "maturity_max": 5},
    {"fields": ["新材料", "新能源与节能"], "maturity_min": 4, "regions": ["江苏", "浙江", "广东"]},
]
OFFER_FILTERS: list[dict[str, Any]] = [
    {"cooperation_modes": ["技术许可"]},
    {"cooperation_modes": ["作价入股", "技术咨询"]},
    {"cooperation_modes": ["技术许可"], "fields": ["资源与环境"], "maturity_min": 5},
]
NEED_FILTERS: list[dict[str, Any]] = [
    {"date_from": "2027-10-01"},
    {"date_to": "2027-10-31"},
    {"date_from": "2027-06-01", "date_to": "2027-12-31"},
    {"date_from": "2027-06-01", "fields": ["资源与环境", "新材料"], "maturity_min": 4},
]
QUERY = "材料 工艺 设备 检测 系统 温度 成本 效率"
Everything = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def everything(client: TestClient) -> Everything:
    """The hundred best without a filter, by direction."""
    directions = ("achievements", "demands")
    return {d: ask(client, text=QUERY, direction=d, k=100)["pairings"] for d in directions}


@pytest.mark.parametrize("direction", ["achievements", "demands"])
@pytest.mark.parametrize("filters", FILTERS)
def test_filters_keep_what_meets_them_and_only_that(
    client: TestClient, everything: Everything, direction: str, filters: dict[str, Any]
) -> None:
    _check_filter(client, everything, direction, filters)


@pytest.mark.parametrize("filters", OFFER_FILTERS)
def test_filters_that_only_achievements_have(
    client: TestClient, everything: Everything, filters: dict[str, Any]
) -> None:
    _check_filter(client, everything, "achievements", filters)


@pytest.mark.parametrize("filters", NEED_FILTERS)
def test_filters_that_only_demands_have(
    client: TestClient, everything: Everything, filters: dict[str, Any]
) -> None:
    _check_filter(client, everything, "demands", filters)


def test_a_demand_without_a_deadline_is_open_on_any_day_and_never_due(
    client: TestClient, everything: Everything
) -> None:
    endless = {p["demand"]["id"] for p in everything["demands"] if p["demand"]["deadline"] is None}
    assert endless
    ask_for = {"text": QUERY, "direction": "demands", "k": 100}
    open_ = ask(client, **ask_for, filters={"date_from": "9999-12-31"})["pairings"]
    assert {p["demand"]["id"] for p in open_} >= endless
    assert all(p["demand"]["deadline"] is None for p in open_)
    due = ask(client, **ask_for, filters={"date_to": "9999-12-31"})["pairings"]
    assert due
    assert all(p["demand"]["deadline"] for p in due)


def test_days_are_taken_as_people_write_them_and_may_be_left_empty(client: TestClient) -> None:
    ask_for = {"text": QUERY, "direction": "demands"}
    written = ask(client, **ask_for, filters={"date_from": "2027/6/1", "date_to": ""})
    assert written == ask(client, **ask_for, filters={"date_from": "2027-06-01"})


DAYS = [
    {"date_from": "2027-10-01"},
    {"date_to": "2027-10-31"},
    {"date_from": "2027/6/1", "date_to": "2027年12月31日"},
    {"date_from": "", "date_to": ""},
]


@pytest.mark.parametrize("days", DAYS)
def test_the_address_of_an_achievement_takes_the_same_days(
    client: TestClient, some_achievements: list[str], days: dict[str, str]
) -> None:
    id_ = some_achievements[0]
    found = client.get(f"{ACHIEVEMENTS}/{id_}/matches", params={**days, "k": 100}).json()
    assert found == ask(client, id=id_, k=100, filters=days)
    kept = [p["demand"] for p in found["pairings"]]
    whole = ask(client, id=id_, k=100)["pairings"]
    assert 0 < len(kept) < len(whole) or not any(days.values())
    wanted = {"date_to": "2027-12-31", "date_from": "2027-06-01"} if len(days) == 2 else days
    assert not any(days.values()) or all(_passes(demand, wanted) for demand in kept)


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"date_from": "2027-02-30"}, "date_from"),
        ({"date_to": "明天"}, "date_to"),
        ({"date_from": "2027-07-01", "date_to": "2027-06-30"}, "date_from"),
    ],
)
def test_days_that_cannot_be_are_refused_in_an_address_too(
    client: TestClient, some_achievements: list[str], days: dict[str, str], field: str
) -> None:
    response = client.get(f"{ACHIEVEMENTS}/{some_achievements[0]}/matches", params=days)
    assert_problem(response, 422, field)


@pytest.mark.parametrize("name", ["date_from", "date_to"])
def test_days_in_an_address_that_finds_achievements_are_refused_not_ignored(
    client: TestClient, some_demands: list[str], name: str
) -> None:
    for address in (
        f"{DEMANDS}/{some_demands[0]}/matches?",
        f"/api/v1/exports/pairings.csv?demand={some_demands[0]}&",
        f"/api/v1/exports/pairings.xlsx?demand={some_demands[0]}&",
    ):
        problem = assert_problem(client.get(f"{address}{name}=2027-06-30"), 422, name)
        assert "查找成果时不能按截止日期筛选" in problem["detail"]
        assert client.get(f"{address}{name}=").status_code == 200


def test_days_are_documented_where_they_mean_something(client: TestClient) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    [achievements, demands, exported] = (
        {one["name"]: one for one in paths[path]["get"]["parameters"]}
        for path in (
            "/api/v1/achievements/{id}/matches",
            "/api/v1/demands/{id}/matches",
            "/api/v1/exports/pairings.{format}",
        )
    )
    assert "没有截止日期的需求视为一直可对接" in achievements["date_from"]["description"]
    assert "没有截止日期的需求不列出" in achievements["date_to"]["description"]
    assert not {"date_from", "date_to"} & (demands.keys() | exported.keys())


@pytest.mark.parametrize("name", ["date_from", "date_to"])
def test_days_are_refused_for_achievements_which_have_none(
    client: TestClient, some_demands: list[str], name: str
) -> None:
    for start in ({"text": TEXT}, {"id": some_demands[0]}):
        response = client.post(MATCHES, json={**start, "filters": {name: "2027-06-30"}})
        assert_problem(response, 422, name)


@pytest.mark.parametrize("name", ["providers", "cooperation_modes"])
def test_filters_that_demands_do_not_have_are_refused_for_demands(
    client: TestClient, some_achievements: list[str], name: str
) -> None:
    filters = {name: ["技术许可"]}
    for start in ({"text": OFFER, "direction": "demands"}, {"id": some_achievements[0]}):
        response = client.post(MATCHES, json={**start, "filters": filters})
        assert_problem(response, 422, name)


def test_a_provider_as_filter(client: TestClient, everything: Everything) -> None:
    found = [pairing["achievement"]["provider"] for pairing in everything["achievements"]]
    providers = sorted(set(found))[:2]
    _check_filter(client, everything, "achievements", {"providers": providers})
    _check_filter(client, everything, "achievements", {"providers": providers[:1]})


def _check_filter(
    client: TestClient, everything: Everything, direction: str, filters: dict[str, Any]
) -> None:
    side = direction.removesuffix("s")
    kept = ask(client, text=QUERY, direction=direction, k=100, filters=filters)["pairings"]
    assert 0 < len(kept) < 100
    assert all(_passes(pairing[side], filters) for pairing in kept)
    passing = [p for p in everything[direction] if _passes(p[side], filters)]
    assert len(passing) < len(everything[direction])
    # None of the hundred best of all that passes is lost, and no score depends on the filter.
    # Grades may: what the other good candidates are like is one of their features.
    scores = {p[side]["id"]: p["score"] for p in kept}
    assert {p[side]["id"]: scores.get(p[side]["id"]) for p in passing} == {
        p[side]["id"]: p["score"] for p in passing
    }
    assert_ordered(kept, side)
    first = ask(client, text=QUERY, direction=direction, k=10, filters=filters)["pairings"]
    assert first == kept[:10]


def test_one_value_may_be_given_without_a_list(client: TestClient) -> None:
    alone = ask(client, text=TEXT, filters={"fields": "新材料", "regions": "江苏"})
    assert alone == ask(client, text=TEXT, filters={"fields": ["新材料"], "regions": ["江苏"]})


def test_every_known_value_of_a_closed_list_is_accepted(client: TestClient) -> None:
    ask(client, text=TEXT, k=1, filters={"fields": FIELDS, "cooperation_modes": COOPERATION_MODES})


@pytest.mark.parametrize("filters", [{"providers": ["没有这所大学"]}, {"regions": ["火星"]}])
def test_an_open_value_that_no_record_has_gives_an_empty_answer_with_a_notice(
    client: TestClient, filters: dict[str, Any]
) -> None:
    answer = ask(client, text=TEXT, filters=filters)
    assert answer["pairings"] == []
    assert "筛选" in answer["notice"]


# What every answer holds to


@pytest.fixture(scope="module")
def answers(
    client: TestClient, some_demands: list[str], some_achievements: list[str]
) -> list[tuple[dict[str, Any], str | None]]:
    """Answers to texts and records in both directions, with the text if it was one."""
    texts = (TEXT, "廢水", "光", "COD mg/L ≥ 95%", "a\n\n水\t 　电池🔋锂离子", QUERY)
    asked: list[tuple[dict[str, Any], str | None]] = []
    for direction in ("achievements", "demands"):
        asked += [(ask(client, text=t, direction=direction, k=6), t) for t in texts]
    return asked + [(ask(client, id=i, k=6), None) for i in some_demands + some_achievements]


def _pairings(answers: list[tuple[dict[str, Any], str | None]]) -> list[dict[str, Any]]:
    found = [pairing for answer, _ in answers for pairing in answer["pairings"]]
    assert len(found) > 100
    return found


def test_pairings_are_ranked_by_grade_and_score_within_0_and_1(
    answers: list[tuple[dict[str, Any], str | None]],
) -> None:
    for answer, _ in answers:
        pairings = answer["pairings"]
        assert [p["rank"] for p in pairings] == list(range(1, len(pairings) + 1))
        assert_ordered(pairings, answer["direction"].removesuffix("s"))
        assert all(0 < p["score"] <= 1 for p in pairings)
        assert len(set(found_ids(answer))) == len(pairings)


def test_phrases_and_fields_each_add_up_to_the_score(
    answers: list[tuple[dict[str, Any], str | None]],
) -> None:
    for pairing in _pairings(answers):
        reason = pairing["reason"]
        by_phrase = sum(phrase["share"] for phrase in reason["phrases"])
        assert math.isclose(by_phrase, pairing["score"], rel_tol=1e-4, abs_tol=1e-6)
        by_field = sum(reason["fields"].values())
        assert math.isclose(by_field, pairing["score"], rel_tol=1e-4, abs_tol=1e-6)
        assert all(phrase["share"] > 0 and phrase["text"] for phrase in reason["phrases"])


def test_fields_and_sentence_are_of_the_record_found(
    answers: list[tuple[dict[str, Any], str | None]],
) -> None:
    for answer, _ in answers:
        side = answer["direction"].removesuffix("s")
        for pairing in answer["pairings"]:
            texts = texts_of(pairing[side])
            assert pairing["reason"]["fields"].keys() <= texts.keys()
            sentence = pairing["reason"]["sentence"]
            start, end = sentence["span"]
            assert sentence["text"] == texts[sentence["field"]][start:end] != ""


def test_highlights_are_ordered_spans_inside_the_texts(
    answers: list[tuple[dict[str, Any], str | None]],
) -> None:
    seen = 0
    for answer, text in answers:
        passing = {"problem": text, "abstract": text}
        for pairing in answer["pairings"]:
            assert pairing["reason"]["highlights"].keys() == {"demand", "achievement"}
            for side, fields in pairing["reason"]["highlights"].items():
                texts = texts_of(pairing[side]) if pairing[side] else passing
                for field, spans in fields.items():
                    edges = [edge for span in spans for edge in span]
                    assert edges == sorted(set(edges))
                    assert edges[0] >= 0
                    assert edges[-1] <= len(texts[field] or "")
                    seen += len(spans)
    assert seen > 500


def test_both_sides_have_something_highlighted(
    answers: list[tuple[dict[str, Any], str | None]],
) -> None:
    for pairing in _pairings(answers):
        assert all(pairing["reason"]["highlights"].values())


# Grades


def test_a_grade_is_the_median_of_its_probabilities(
    answers: list[tuple[dict[str, Any], str | None]],
) -> None:
    seen = set()
    for pairing in _pairings(answers):
        grading = pairing["grading"]
        chances = grading["probabilities"]
        assert len(chances) == 4
        assert all(0 <= chance <= 1 for chance in chances)
        assert math.isclose(sum(chances), 1)
        below = sum(reached < 0.5 for reached in accumulate(chances))
        assert grading["grade"] == below + 1
        assert grading["name"] == GRADE_NAMES[below]
        mean = sum(grade * chance for grade, chance in enumerate(chances, 1))
        assert math.isclose(grading["expected"], mean)
        seen.add(grading["grade"])
    assert len(seen) > 1


def test_contributions_and_the_intercept_add_up_to_raw(
    answers: list[tuple[dict[str, Any], str | None]],
) -> None:
    for pairing in _pairings(answers):
        grading = pairing["grading"]
        parts = grading["contributions"]
        total = grading["intercept"] + sum(part["share"] for part in parts)
        assert math.isclose(total, grading["raw"], abs_tol=1e-9)
        sizes = [abs(part["share"]) for part in parts]
        assert sizes == sorted(sizes, reverse=True)
        assert all(sizes)
        assert len({part["feature"] for part in parts}) == len(parts) > 0
        assert len({part["label"] for part in parts} - {""}) == len(parts)


def test_the_summary_says_what_the_numbers_say(
    answers: list[tuple[dict[str, Any], str | None]],
) -> None:
    for pairing in _pairings(answers):
        summary, grading = pairing["reason"]["summary"], pairing["grading"]
        chance = round(100 * sum(grading["probabilities"][2:]))
        assert summary.startswith(f"{grading['name']}（较强以上的可能性约 {chance}%）；双方")
        verdicts = [claim["verdict"] for claim in pairing["reason"]["claims"]]
        met, unmet = verdicts.count("met"), verdicts.count("unmet")
        compared = f"可比的 {met + unmet} 项指标中 {met} 项符合。"
        assert summary.endswith(compared) == bool(met + unmet)
        assert ("指标" in summary.rpartition("；")[2]) == bool(met + unmet)


def test_a_notice_stands_where_nothing_is_strong_enough_or_nothing_is_there(
    answers: list[tuple[dict[str, Any], str | None]],
) -> None:
    for answer, _ in answers:
        assert bool(answer["notice"]) == (answer["weak"] or not answer["pairings"])
        if answer["weak"]:
            noun = "成果" if answer["direction"] == "achievements" else "需求"
            assert f"暂无较强相关{noun}" in answer["notice"]
    assert {answer["weak"] for answer, _ in answers} == {True, False}


# Indicators and objections


def test_claims_are_as_written_on_both_sides(client: TestClient, workspace: Workspace) -> None:
    seen = dict.fromkeys(("met", "unmet", "unknown"), 0)
    for id_ in sorted(workspace.demands.stamps()):
        for pairing in ask(client, id=id_, k=3)["pairings"]:
            asked = "".join(texts_of(pairing["demand"]).values())
            said = "".join(texts_of(pairing["achievement"]).values())
            unmet = []
            for claim in pairing["reason"]["claims"]:
                assert claim["property"]
                assert claim["required"] in asked
                assert claim["claimed"] is None or claim["claimed"] in said
                assert claim["claimed"] is not None or claim["verdict"] == "unknown"
                seen[claim["verdict"]] += 1
                unmet += [claim] if claim["verdict"] == "unmet" else []
            told = [a for a in pairing["reason"]["against"] if a.startswith("指标未达")]
            assert len(told) == len(unmet)
            for claim, objection in zip(unmet, told, strict=True):
                assert all(part in objection for part in claim.values() if part != "unmet")
    assert all(seen.values())


def test_what_speaks_against_a_pairing_is_true_of_its_records(
    client: TestClient, workspace: Workspace
) -> None:
    seen = set()
    for id_ in sorted(workspace.demands.stamps()):
        for pairing in ask(client, id=id_, k=3)["pairings"]:
            need, offer = pairing["demand"], pairing["achievement"]
            wanted, price = need["maturity_min"], offer["price_min"]
            expected = {
                "成熟度不足": None not in (wanted, offer["maturity"])
                and offer["maturity"] < wanted,
                "报价高于预算": None not in (need["budget"], price) and price > need["budget"],
                "技术领域不同": None not in (need["field"], offer["field"])
                and need["field"] != offer["field"],
            }
            told = [objection.partition("：")[0] for objection in pairing["reason"]["against"]]
            assert {name: name in told for name in expected} == expected
            assert set(told) <= {*expected, "指标未达", "成果没有提到"}
            seen |= set(told)
    assert len(seen) == 5


def test_a_pair_has_the_same_claims_and_objections_from_both_sides(
    client: TestClient, some_demands: list[str]
) -> None:
    for id_ in some_demands:
        forth = ask(client, id=id_, k=1)["pairings"][0]
        back = ask(client, id=forth["achievement"]["id"], k=100)["pairings"]
        [same] = [pairing for pairing in back if pairing["demand"]["id"] == id_]
        for name in ("claims", "against"):
            assert same["reason"][name] == forth["reason"][name]


def test_an_indicator_that_is_met_and_one_that_is_not(copy: tuple[Workspace, TestClient]) -> None:
    _, client = copy
    worse = {
        "abstract": ACHIEVEMENT["abstract"].replace("低于 1 mg/L", "为 9 mg/L"),
        "field": "新材料",
    }
    good = client.post(ACHIEVEMENTS, json=ACHIEVEMENT).json()["id"]
    bad = client.post(ACHIEVEMENTS, json=ACHIEVEMENT | worse).json()["id"]
    need = client.post(DEMANDS, json=DEMAND).json()["id"]
    found = {p["achievement"]["id"]: p for p in ask(client, id=need)["pairings"]}
    for id_, claimed, verdict in ((good, "低于 1 mg/L", "met"), (bad, "9 mg/L", "unmet")):
        claims = {claim["required"]: claim for claim in found[id_]["reason"]["claims"]}
        assert claims.keys() == {"低于 1.5 mg/L", "不超过 6 元"}
        assert claims["低于 1.5 mg/L"]["claimed"] == claimed
        assert claims["不超过 6 元"]["claimed"] is None
        assert claims["低于 1.5 mg/L"]["verdict"] == verdict
        assert claims["不超过 6 元"]["verdict"] == "unknown"
        assert "可比的 1 项指标中" in found[id_]["reason"]["summary"]
    assert found[good]["rank"] < found[bad]["rank"]
    first, second, *_ = found[bad]["reason"]["against"]
    assert first == "指标未达：出水氟离子要求“低于 1.5 mg/L”，成果写的是“9 mg/L”。"
    assert second == "技术领域不同：需求属“资源与环境”，成果属“新材料”。"
    assert not [a for a in found[good]["reason"]["against"] if "指标" in a or "领域" in a]


def test_the_same_text_twice_is_one_pairing_with_a_twin(
    copy: tuple[Workspace, TestClient],
) -> None:
    _, client = copy
    ids = [client.post(ACHIEVEMENTS, json=ACHIEVEMENT).json()["id"] for _ in range(3)]
    need = client.post(DEMANDS, json=DEMAND).json()["id"]
    answer = ask(client, id=need, k=5)
    assert len(answer["pairings"]) == 5
    assert answer["pairings"][0]["achievement"]["id"] == min(ids)
    assert answer["pairings"][0]["twins"] == sorted(ids)[1:]
    assert set(found_ids(answer)) & set(ids) == {min(ids)}
    assert all(pairing["twins"] == [] for pairing in answer["pairings"][1:])


# Decisions


def _decided(client: TestClient, workspace: Workspace) -> tuple[str, list[str]]:
    id_ = min(workspace.demands.stamps())
    return id_, found_ids(ask(client, id=id_, k=20))


def test_what_was_decided_on_is_not_shown_again_and_ranks_the_others(
    client: TestClient, workspace: Workspace
) -> None:
    id_, ids = _decided(client, workspace)
    answer = ask(client, id=id_, k=20, decisions={ids[0]: 4, ids[1]: 1})
    assert len(answer["pairings"]) == 20
    assert not set(found_ids(answer)) & set(ids[:2])
    for pairing in answer["pairings"]:
        features = {part["feature"] for part in pairing["grading"]["contributions"]}
        assert any(name.startswith("decided_") for name in features)
    assert_ordered(answer["pairings"], "achievement")
    plain = ask(client, id=id_, k=20)
    for pairing in plain["pairings"]:
        features = {part["feature"] for part in pairing["grading"]["contributions"]}
        assert not any(name.startswith("decided_") for name in features)


def test_better_decisions_never_lower_the_grades_of_others(
    client: TestClient, workspace: Workspace
) -> None:
    id_, ids = _decided(client, workspace)
    means = []
    for grade in (1, 2, 3, 4):
        found = ask(client, id=id_, k=100, decisions=dict.fromkeys(ids[:3], grade))["pairings"]
        means.append(sum(p["grading"]["expected"] for p in found) / len(found))
    assert means == sorted(means)
    assert means[0] < means[-1]


def test_decisions_on_what_nobody_knows_change_nothing(client: TestClient) -> None:
    plain = ask(client, text=TEXT)
    assert plain == ask(client, text=TEXT, decisions={})
    assert plain == ask(client, text=TEXT, decisions={"nobody": 4, "": 1})
    assert plain == ask(client, text=TEXT, decisions={f"n{n}": 2 for n in range(1000)})


def test_when_everything_was_decided_on_the_notice_says_so(
    client: TestClient, workspace: Workspace
) -> None:
    answer = ask(client, text=TEXT, decisions=dict.fromkeys(workspace.achievements.stamps(), 3))
    assert answer["pairings"] == []
    assert "已评过" in answer["notice"]
    assert not answer["weak"]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("grade", [0, -1, 5, 10**30, 1.5, "四", "", None, [3], {}])
def test_a_decision_that_is_no_grade_from_1_to_4_is_refused(
    client: TestClient, grade: object
) -> None:
    body = {"text": TEXT, "decisions": {"good": 4, "wrong": grade}}
    problem = assert_problem(client.post(MATCHES, json=body), 422, "decisions", "wrong")
    assert [error["field"] for error in problem["errors"]] == ["decisions.wrong"]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("decisions", [None, [], "x", 3, [["a", 4]]])
def test_decisions_that_are_no_object_are_refused(client: TestClient, decisions: object) -> None:
    response = client.post(MATCHES, json={"text": TEXT, "decisions": decisions})
    assert_problem(response, 422, "decisions")


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("grade", [4, 9])
def test_more_than_a_thousand_decisions_are_refused_shortly(client: TestClient, grade: int) -> None:
    body = {"text": TEXT, "decisions": {f"n{n}": grade for n in range(1001)}}
    problem = assert_problem(client.post(MATCHES, json=body), 422, "decisions")
    if grade == 4:
        assert "1000" in problem["detail"]
