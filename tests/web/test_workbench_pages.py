"""经理人工作台, record pages and listings."""

from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from api.services.fitting import fit
from api.services.workspace import Workspace
from matcher.values import COOPERATION_MODES, FIELDS, MATURITY_BANDS, PROVINCES
from tests.web.checks import (
    ACHIEVEMENT,
    ACHIEVEMENTS,
    DEMAND,
    DEMANDS,
    FORM,
    GRADE_NAMES,
    MATCHES,
    Element,
    Page,
    assert_calm_page,
)

pytestmark = pytest.mark.any_database

Copy = tuple[Workspace, TestClient]
TEXT = "印染废水色度高、COD 难达标，想要低成本的深度处理工艺"


@pytest.fixture(scope="module")
def demand(client: TestClient) -> str:
    """The id of a demand about dyeing."""
    found = client.post(MATCHES, json={"text": TEXT, "direction": "demands", "k": 1})
    return str(found.json()["pairings"][0]["demand"]["id"])


@pytest.fixture(scope="module")
def offer(client: TestClient) -> str:
    """The id of an achievement about dyeing."""
    found = client.post(MATCHES, json={"text": TEXT, "k": 1})
    return str(found.json()["pairings"][0]["achievement"]["id"])


@pytest.fixture(scope="module")
def chosen(workspace: Workspace, offer: str) -> dict[str, str]:
    """Filters, as the form sends them, that the achievement about dyeing meets."""
    record = workspace.achievements.get(offer)
    assert record is not None
    assert record.field
    assert record.region
    [band] = [name for name, low, high in MATURITY_BANDS if low <= (record.maturity or 0) <= high]
    return {
        "field": record.field,
        "region": record.region.partition("-")[0],
        "band": band,
        "mode": record.cooperation_modes[0],
    }


def as_json(chosen: dict[str, str]) -> dict[str, object]:
    """The same filters, as JSON has them."""
    [(low, high)] = [(low, high) for name, low, high in MATURITY_BANDS if name == chosen["band"]]
    return {
        "fields": [chosen["field"]],
        "regions": [chosen["region"]],
        "maturity_min": low,
        "maturity_max": high,
        "cooperation_modes": [chosen["mode"]],
    }


def hrefs(page: Page) -> list[str]:
    """Where the titles of the pairings lead."""
    return [str(card.find("h3")[0].find("a")[0].get("href")) for card in page.cards()]


def api_ids(client: TestClient, **body: object) -> list[str]:
    pairings = client.post(MATCHES, json=body).json()["pairings"]
    offers = body.get("direction") != "demands"
    return [(p["achievement"] if offers else p["demand"])["id"] for p in pairings]


# The workbench


def test_the_empty_workbench_shows_counts_and_the_newest_demands(
    client: TestClient, workspace: Workspace
) -> None:
    page = Page.of(client.get("/"))
    assert f"成果 {workspace.achievements.count()} 项" in page.text_of("h1")
    assert f"需求 {workspace.demands.count()} 条" in page.text_of("h1")
    newest = sorted(workspace.demands.stamps(), reverse=True)[:8]
    shown = [a.get("href") for a in page.one("ul", class_="lines").find("a")]
    assert shown == [f"/demands/{id_}" for id_ in newest]
    assert page.value_of("text") == ""
    assert page.value_of("direction") == "achievements"
    assert page.cards() == []
    assert page.all("div", class_="problem") == []


def test_a_text_is_answered_like_in_json_and_stays(client: TestClient) -> None:
    page = Page.of(client.post("/", data={"text": TEXT}))
    assert page.value_of("text") == TEXT
    assert hrefs(page) == [f"/achievements/{id_}" for id_ in api_ids(client, text=TEXT)]
    assert len(page.cards()) == 10
    assert page.all("ul", class_="lines") == []


def test_demands_are_looked_for_when_asked(client: TestClient) -> None:
    page = Page.of(client.post("/", data={"text": TEXT, "direction": "demands"}))
    assert page.value_of("direction") == "demands"
    found = api_ids(client, text=TEXT, direction="demands")
    assert hrefs(page) == [f"/demands/{id_}" for id_ in found]


def test_every_card_has_a_reason_a_score_and_both_texts(client: TestClient) -> None:
    page = Page.of(client.post("/", data={"text": TEXT}))
    for number, card in enumerate(page.cards(), 1):
        assert card.find("span")[0].text == str(number)
        [because] = [p for p in card.find("p") if p.get("class") == "because"]
        assert "双方" in because.text
        captions = [caption.text for caption in card.find("caption")]
        assert captions == [
            "各等级的可能性",
            "各项特征对等级的贡献（对数几率）",
            "共同的词占得分的份额",
            "所在的字段占得分的份额",
        ]
        assert len(card.find("table")) == len(captions)
        assert card.find("mark")
        headings = [heading.text for heading in card.find("h4")]
        assert headings == ["成果", "需求"]
        assert TEXT in card.text


def test_the_score_is_not_shown_as_a_percentage(client: TestClient) -> None:
    page = Page.of(client.post("/", data={"text": TEXT}))
    scores = [p for card in page.cards() for p in card.find("p") if p.get("class") == "score"]
    assert len(scores) == 10
    assert not any("%" in score.text for score in scores)


def by_class(card: Element, tag: str, class_: str) -> list[Element]:
    return [e for e in card.find(tag) if class_ in (e.get("class") or "").split()]


def table_of(card: Element, caption: str) -> list[list[str]]:
    """The cells of the table with this caption, without its head; none if it is not there."""
    tables = [t for t in card.find("table") if [c.text for c in t.find("caption")] == [caption]]
    assert len(tables) <= 1
    rows = tables[0].find("tbody")[0].find("tr") if tables else []
    return [[cell.text.strip() for cell in row.children] for row in rows]


def test_every_card_shows_its_grade_as_json_has_it(client: TestClient) -> None:
    page = Page.of(client.post("/", data={"text": TEXT}))
    pairings = client.post(MATCHES, json={"text": TEXT}).json()["pairings"]
    for card, pairing in zip(page.cards(), pairings, strict=True):
        grading = pairing["grading"]
        [badge] = by_class(card, "span", "grade")
        assert badge.text == grading["name"] == GRADE_NAMES[grading["grade"] - 1]
        assert f"grade-{grading['grade']}" in (badge.get("class") or "").split()
        [score] = by_class(card, "p", "score")
        assert f"{pairing['score']:.2f}" in score.text
        [because] = by_class(card, "p", "because")
        assert because.text == f"理由 {pairing['reason']['summary']}"
        chances = [f"{round(100 * chance)}%" for chance in grading["probabilities"][::-1]]
        assert table_of(card, "各等级的可能性") == [
            [name, chance] for name, chance in zip(GRADE_NAMES[::-1], chances, strict=True)
        ]
        parts = table_of(card, "各项特征对等级的贡献（对数几率）")
        assert parts[:3] == [
            [part["label"], f"{part['share']:+.2f}"] for part in grading["contributions"][:3]
        ]
        assert parts[-2:] == [
            ["起点", f"{grading['intercept']:+.2f}"],
            ["合计", f"{grading['raw']:+.2f}"],
        ]
        assert abs(sum(float(value) for _, value in parts[:-1]) - grading["raw"]) <= 0.06
    assert "按等级和相似度排列" in page.by_id("answers-title").text


def test_indicators_and_objections_are_shown_as_json_has_them(
    client: TestClient, workspace: Workspace
) -> None:
    marks = {"met": "✓ 符合", "unmet": "✗ 不符", "unknown": "？ 无法判断"}
    seen: dict[str, int] = dict.fromkeys([*marks, "against", "unclaimed"], 0)
    for id_ in sorted(workspace.demands.stamps())[::2]:
        pairings = client.post(MATCHES, json={"id": id_}).json()["pairings"]
        page = Page.of(client.get(f"/demands/{id_}"))
        for card, pairing in zip(page.cards(), pairings, strict=True):
            claims = pairing["reason"]["claims"]
            made = [c for c in claims if c["claimed"]][:12]
            assert table_of(card, "指标对照") == [
                [c["property"], c["required"], c["claimed"], marks[c["verdict"]]] for c in made
            ]
            open_ = [f"{c['property']} {c['required']}" for c in claims if not c["claimed"]][:12]
            told = [p.text.partition("：")[2] for p in by_class(card, "p", "unclaimed")]
            assert told == (["；".join(open_)] if open_ else [])
            boxes = by_class(card, "div", "against")
            objections = [li.text for box in boxes for li in box.find("li")]
            assert objections == pairing["reason"]["against"]
            assert all("需要留意" in box.text for box in boxes)
            assert len(boxes) == bool(objections)
            for claim in made:
                seen[claim["verdict"]] += 1
            seen["against"] += bool(objections)
            seen["unclaimed"] += bool(open_)
    assert all(seen.values()), seen


def test_near_identical_records_are_folded_under_one_card(copy: Copy) -> None:
    _, client = copy
    ids = []
    for provider in ("甲大学", "乙大学", "丙<大学>"):
        body = ACHIEVEMENT | {"provider": provider}
        ids.append(client.post(ACHIEVEMENTS, json=body).json()["id"])
    page = Page.of(client.post("/", data={"text": "含氟废水深度除氟吸附剂"}))
    first, *others = page.cards()
    assert first.find("h3")[0].find("a")[0].get("href") == f"/achievements/{min(ids)}"
    [twins] = by_class(first, "details", "twins")
    assert twins.find("summary")[0].text == "另有 2 条内容几乎相同的成果"
    shown = [a.get("href") for a in twins.find("a")]
    assert shown == [f"/achievements/{id_}" for id_ in sorted(ids)[1:]]
    assert "乙大学" in twins.text
    assert "丙<大学>" in twins.text
    assert not any(by_class(card, "details", "twins") for card in others)
    assert len(page.cards()) == 10


@pytest.mark.parametrize(("direction", "noun"), [("achievements", "成果"), ("demands", "需求")])
def test_weak_pairings_are_shown_under_a_notice(
    client: TestClient, direction: str, noun: str
) -> None:
    given = {"text": "如何提高母猪产仔数", "direction": direction}
    answer = client.post(MATCHES, json=given).json()
    assert answer["weak"]
    page = Page.of(client.post("/", data=given))
    assert len(page.cards()) == len(answer["pairings"]) > 0
    notice = page.one("p", class_="notice", role="status").text
    assert notice == answer["notice"]
    assert f"暂无较强相关{noun}" in notice


def test_good_pairings_stand_without_a_notice(client: TestClient) -> None:
    page = Page.of(client.post("/", data={"text": TEXT}))
    assert page.cards()
    assert page.all("p", class_="notice") == []


def test_filters_narrow_the_answer_and_stay_chosen(
    client: TestClient, chosen: dict[str, str], offer: str
) -> None:
    page = Page.of(client.post("/", data={"text": TEXT, **chosen}))
    expected = api_ids(client, text=TEXT, filters=as_json(chosen))
    assert hrefs(page) == [f"/achievements/{id_}" for id_ in expected]
    assert expected[0] == offer
    assert len(expected) < 10
    for name, value in chosen.items():
        assert page.value_of(name) == value
    [details] = page.all("details", class_="filters")
    assert "open" in details.attributes


def test_the_filters_offer_what_the_library_has(client: TestClient, workspace: Workspace) -> None:
    page = Page.of(client.get("/"))
    for name, values in (
        ("field", FIELDS),
        ("mode", COOPERATION_MODES),
        ("band", [name for name, _, _ in MATURITY_BANDS]),
        ("region", PROVINCES),
    ):
        options = page.one("select", name=name).find("option")
        offered = [o.get("value") or o.text for o in options if o.get("value") != ""]
        assert offered == list(values)
    regions = {r.partition("-")[0] for r in workspace.achievements.distinct("region")}
    assert regions <= set(PROVINCES)
    assert page.one("input", name="provider").get("value") == ""


def test_every_provider_finds_something(client: TestClient, workspace: Workspace) -> None:
    for provider in workspace.achievements.distinct("provider")[::8]:
        text = "技术 系统 材料 方法 工艺 设备 检测"
        page = Page.of(client.post("/", data={"text": text, "provider": provider}))
        assert page.cards()


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("name", "value"), [("field", "炼金术"), ("mode", "赠送")])
@pytest.mark.parametrize("direction", ["achievements", "demands"])
def test_an_unknown_filter_is_named_and_everything_stays(
    client: TestClient, name: str, value: str, direction: str
) -> None:
    given = {"text": TEXT, "direction": direction, "region": "江苏", name: value}
    response = client.post("/", data=given)
    assert response.status_code == 422
    page = Page.of(response)
    assert value in page.one("div", class_="problem").text
    for other, typed in given.items():
        assert page.value_of(other) == typed
    assert page.cards() == []


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "text", ["", "  \n\u3000", "\n\n水" * 10_001, "<script>alert(1)</script>" * 1000]
)
def test_a_mistake_keeps_the_text(client: TestClient, text: str) -> None:
    response = client.post("/", data={"text": text, "direction": "demands"})
    assert response.status_code == 422
    page = Page.of(response)
    assert page.value_of("text") == text
    assert page.value_of("direction") == "demands"
    assert page.one("div", class_="problem", role="alert").text.strip()
    assert page.strange_scripts() == []


@pytest.mark.parametrize("text", ["\n以换行开头的废水", "\n\n\n废水", "废水\n\n", "a\n b\n  废水"])
def test_line_breaks_in_a_text_stay(client: TestClient, text: str) -> None:
    assert Page.of(client.post("/", data={"text": text})).value_of("text") == text


def test_a_provider_chosen_for_achievements_is_explained_when_looking_for_demands(
    client: TestClient, workspace: Workspace
) -> None:
    provider = workspace.achievements.distinct("provider")[0]
    given = {"text": TEXT, "direction": "demands", "provider": provider}
    response = client.post("/", data=given)
    page = Page.of(response)
    assert response.status_code == 422
    assert page.one("div", class_="problem").text.strip()
    assert page.value_of("provider") == provider


def test_an_unknown_direction_looks_for_achievements(client: TestClient) -> None:
    page = Page.of(client.post("/", data={"text": TEXT, "direction": "sideways"}))
    assert page.value_of("direction") == "achievements"
    assert hrefs(page)[0].startswith("/achievements/")


def test_nothing_found_is_said_and_unknown_words_are_named(client: TestClient) -> None:
    page = Page.of(client.post("/", data={"text": "qqqqzzzz <xxxxjjjj>"}))
    assert page.cards() == []
    assert page.one("section", class_="answers").find("p")[0].text
    assert [chip.text for chip in page.all("span", class_="chip")][:2] == ["qqqqzzzz", "xxxxjjjj"]


# Records


def test_the_page_of_a_demand_shows_it_and_its_achievements(
    client: TestClient, workspace: Workspace, demand: str
) -> None:
    stored = workspace.demands.get(demand)
    assert stored is not None
    page = Page.of(client.get(f"/demands/{demand}"))
    assert stored.title in page.text_of("h1")
    text = page.text_of("main")
    for part in (stored.problem, stored.indicators, stored.goal, "；".join(stored.keywords)):
        assert part in text
    assert hrefs(page) == [f"/achievements/{id_}" for id_ in api_ids(client, id=demand)]
    assert "合作方式" in [dt.text for dt in page.all("dt")]


def test_the_page_of_an_achievement_shows_it_and_its_demands(
    client: TestClient, workspace: Workspace, offer: str
) -> None:
    stored = workspace.achievements.get(offer)
    assert stored is not None
    page = Page.of(client.get(f"/achievements/{offer}"))
    assert stored.title in page.text_of("h1")
    assert stored.abstract in page.text_of("main")
    found = client.post(MATCHES, json={"id": offer}).json()["pairings"]
    assert hrefs(page) == [f"/demands/{p['demand']['id']}" for p in found]
    assert "合作方式" not in [dt.text for dt in page.all("dt")]


def test_filters_in_the_address_narrow_the_pairings_of_a_demand(
    client: TestClient, demand: str, chosen: dict[str, str]
) -> None:
    page = Page.of(client.get(f"/demands/{demand}", params=chosen))
    expected = api_ids(client, id=demand, filters=as_json(chosen))
    assert hrefs(page) == [f"/achievements/{id_}" for id_ in expected]
    assert 0 < len(expected) < 10
    assert {chip.split()[0] for chip in chosen_chips(page)} == set(chosen.values())


def chosen_chips(page: Page) -> list[str]:
    return [a.text for a in page.all("a", class_="chip") if a.get("aria-current")]


def test_filters_in_the_address_narrow_the_pairings_of_an_achievement(
    client: TestClient, workspace: Workspace, offer: str
) -> None:
    given = {"field": "资源与环境", "band": "样品样机"}
    page = Page.of(client.get(f"/achievements/{offer}", params=given))
    ids = [href.rpartition("/")[2] for href in hrefs(page)]
    assert ids
    for record in workspace.demands.get_many(ids).values():
        assert record.field == "资源与环境"
        assert record.maturity_min is not None
        assert 4 <= record.maturity_min <= 6


@pytest.mark.parametrize("kind", ["demands", "achievements"])
@pytest.mark.parametrize(("name", "value"), [("field", "炼金术"), ("mode", "<script>")])
def test_a_bad_filter_is_named_and_the_record_is_still_there(
    client: TestClient, demand: str, offer: str, kind: str, name: str, value: str
) -> None:
    id_ = demand if kind == "demands" else offer
    plain = Page.of(client.get(f"/{kind}/{id_}"))
    response = client.get(f"/{kind}/{id_}", params={name: value})
    assert response.status_code == 422
    page = Page.of(response)
    assert page.text_of("h1") == plain.text_of("h1")
    section = f"{'需求' if kind == 'demands' else '成果'}内容"
    [content] = [e for e in page.all("section") if e.get("aria-label") == section]
    assert content.find("p")[0].text in plain.text_of("main")
    assert page.one("div", class_="problem", role="alert").text.strip()
    assert page.strange_scripts() == []
    assert page.cards() == []


@pytest.mark.parametrize("kind", ["demands", "achievements"])
def test_an_unknown_band_of_maturity_is_named_rather_than_ignored(
    client: TestClient, demand: str, offer: str, kind: str
) -> None:
    id_ = demand if kind == "demands" else offer
    assert client.get(f"/{kind}/{id_}", params={"band": "天外飞仙"}).status_code == 422


def test_a_filter_that_nothing_meets_says_so(client: TestClient, demand: str) -> None:
    page = Page.of(client.get(f"/demands/{demand}", params={"region": "火星"}))
    assert page.cards() == []
    assert "筛选" in page.one("section", class_="answers").text
    assert chosen_chips(page) == ["火星 0"]


def test_a_confidential_demand_carries_a_badge(copy: Copy) -> None:
    _, client = copy
    for visibility, badges in (("brokers", 1), ("public", 0)):
        body = DEMAND | {"confidentiality": visibility}
        id_ = client.post(DEMANDS, json=body).json()["id"]
        page = Page.of(client.get(f"/demands/{id_}"))
        assert len(page.all("span", class_="badge")) == badges


@pytest.mark.parametrize("address", ["/demands/nobody", "/achievements/nobody"])
def test_an_unknown_record_is_a_404_page(client: TestClient, address: str) -> None:
    page = assert_calm_page(client.get(address), 404)
    assert "nobody" in page.text_of("main")


def test_a_record_of_the_other_kind_is_a_404_page(
    client: TestClient, demand: str, offer: str
) -> None:
    assert_calm_page(client.get(f"/achievements/{demand}"), 404)
    assert_calm_page(client.get(f"/demands/{offer}"), 404)


def test_new_is_the_form_and_not_a_demand(client: TestClient) -> None:
    assert "填报" in Page.of(client.get(FORM)).text_of("h1")


# Listings


@pytest.mark.parametrize("kind", ["demands", "achievements"])
def test_a_listing_shows_every_record_once_over_its_pages(
    client: TestClient, workspace: Workspace, kind: str
) -> None:
    table = workspace.demands if kind == "demands" else workspace.achievements
    shown: list[str | None] = []
    address: str | None = f"/{kind}"
    while address:
        page = Page.of(client.get(address))
        assert f"共 {table.count()} 条" in page.text_of("h1")
        shown += [a.get("href") for a in page.one("ul", class_="lines").find("a")]
        following = page.all("a", class_="button")
        address = following[0].get("href") if following else None
    assert shown == [f"/{kind}/{id_}" for id_ in sorted(table.stamps(), reverse=True)]


def test_the_next_page_keeps_what_was_asked_for(client: TestClient) -> None:
    first = Page.of(client.get("/achievements", params={"q": "的", "field": ""}))
    following = first.one("a", class_="button").get("href") or ""
    asked = parse_qs(urlsplit(following).query, keep_blank_values=True)
    assert asked["q"] == ["的"]
    assert "field" not in asked, "what is empty is left out"
    second = Page.of(client.get(following))
    assert second.value_of("q") == "的"
    lines = second.one("ul", class_="lines").find("a")
    assert lines
    assert all("的" in a.text for a in lines)


def test_signs_of_addresses_in_what_was_asked_for_survive_the_next_page(copy: Copy) -> None:
    _, client = copy
    for number in range(31):
        body = ACHIEVEMENT | {"title": f"A&B=C #?+% “{number}”"}
        assert client.post(ACHIEVEMENTS, json=body).status_code == 201
    first = Page.of(client.get("/achievements", params={"q": "A&B=C #?+%"}))
    second = Page.of(client.get(first.one("a", class_="button").get("href") or ""))
    assert second.value_of("q") == "A&B=C #?+%"
    assert len(second.one("ul", class_="lines").find("a")) == 1


@pytest.mark.parametrize("kind", ["demands", "achievements"])
def test_a_listing_is_narrowed_by_field_and_by_title(client: TestClient, kind: str) -> None:
    given = {"q": "废水", "field": "资源与环境"}
    page = Page.of(client.get(f"/{kind}", params=given))
    expected = client.get(f"/api/v1/{kind}", params={**given, "limit": 30}).json()
    shown = [a.text for a in page.one("ul", class_="lines").find("a")]
    assert shown == [item["title"] for item in expected["items"]]
    assert f"共 {expected['total']} 条符合条件" in page.text_of("h1")
    assert page.value_of("q") == "废水"
    assert page.value_of("field") == "资源与环境"


@pytest.mark.parametrize("kind", ["demands", "achievements"])
@pytest.mark.parametrize("given", [{"q": "没有这个名称"}, {"field": "炼金术"}, {"after": "0"}])
def test_a_listing_of_nothing_says_so(client: TestClient, kind: str, given: dict[str, str]) -> None:
    response = client.get(f"/{kind}", params=given)
    assert response.status_code == 200
    page = Page.of(response)
    assert page.all("ul", class_="lines") == []
    assert page.one("p", class_="notice").text


@pytest.mark.parametrize("given", [{"q": "字" * 101}, {"after": "z" * 65}])
def test_a_listing_refuses_what_it_cannot_use(client: TestClient, given: dict[str, str]) -> None:
    for address in ("/demands", "/achievements"):
        assert_calm_page(client.get(address, params=given), 422)


# An empty library


def test_an_empty_library_shows_the_way_on(empty: Copy) -> None:
    _, client = empty
    page = Page.of(client.get("/"))
    assert "成果 0 项 · 需求 0 条" in page.text_of("h1")
    assert page.one("aside").find("a")[0].get("href") == FORM
    for address in ("/demands", "/achievements"):
        listing = Page.of(client.get(address))
        assert "共 0 条" in listing.text_of("h1")
        assert listing.one("p", class_="notice").text


def test_a_question_to_an_empty_library_is_answered(empty: Copy) -> None:
    workspace, client = empty
    fit(workspace)
    for direction, noun in (("achievements", "成果"), ("demands", "需求")):
        page = Page.of(client.post("/", data={"text": "废水", "direction": direction}))
        assert page.cards() == []
        assert noun in page.one("section", class_="answers").text
    assert client.post(MATCHES, json={"text": "废水"}).json()["notice"]


def test_the_first_record_of_an_empty_library_is_found(empty: Copy) -> None:
    workspace, client = empty
    fit(workspace)
    id_ = client.post(ACHIEVEMENTS, json=ACHIEVEMENT).json()["id"]
    page = Page.of(client.post("/", data={"text": "含氟废水除氟"}))
    assert hrefs(page) == [f"/achievements/{id_}"]
