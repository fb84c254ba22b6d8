"""POST /api/v1/matches and the matches of a record: what is found, and how it is explained."""

import math
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.services.workspace import Workspace
from matcher.values import COOPERATION_MODES, FIELDS
from tests.web.checks import ACHIEVEMENTS, DEMANDS, MATCHES, assert_problem

TEXT = "印染废水色度高、COD 难达标，想要低成本的深度处理工艺"
OFFER = "一种低成本吸附材料，用于印染废水脱色和 COD 深度处理"


def ask(client: TestClient, **body: Any) -> dict[str, Any]:
    response = client.post(MATCHES, json=body)
    assert response.status_code == 200, response.text[:500]
    answer: dict[str, Any] = response.json()
    return answer


def found_ids(answer: dict[str, Any]) -> list[str]:
    side = "achievement" if answer["direction"] == "achievements" else "demand"
    return [pairing[side]["id"] for pairing in answer["pairings"]]


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
    kept = ask(client, text=QUERY, direction=direction, k=10, filters=filters)["pairings"]
    assert kept
    assert all(_passes(pairing[side], filters) for pairing in kept)
    passing = [p for p in everything[direction] if _passes(p[side], filters)]
    assert len(passing) < len(everything[direction])
    # Of the hundred best of all, those that pass come first, with the same scores.
    expected = [(p[side]["id"], p["score"]) for p in passing[:10]]
    assert [(p[side]["id"], p["score"]) for p in kept[: len(expected)]] == expected


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


def test_pairings_are_ranked_by_score_within_0_and_1(
    answers: list[tuple[dict[str, Any], str | None]],
) -> None:
    for answer, _ in answers:
        pairings = answer["pairings"]
        assert [p["rank"] for p in pairings] == list(range(1, len(pairings) + 1))
        order = list(zip([-p["score"] for p in pairings], found_ids(answer), strict=True))
        assert order == sorted(order)
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
