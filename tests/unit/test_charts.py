"""Charts: what is drawn is what the table says, escaped, linked, and never beyond its canvas."""

from collections.abc import Callable
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from api.pages.charts import (
    Chart,
    Figure,
    Funnel,
    HeatMap,
    Series,
    Stage,
    funnel,
    grouped_bars,
    heat_map,
    line_chart,
    stacked_bars,
)
from api.pages.charts.scales import lean, level, ticks
from api.pages.charts.wording import days, fitted, short, width_of

HOSTILE = '</svg><script>alert("x")</script>&\'"'
PLANES = [stacked_bars, line_chart, grouped_bars]


def chart(*rows: list[int], labels: list[str] | None = None, href: str = "/demands?a=1&b=2"):
    named = labels or [f"2026-{place + 1:02}" for place in range(len(rows[0]))]
    series = [
        Series(f"系列{number}", [Figure(value, href) for value in row])
        for number, row in enumerate(rows)
    ]
    return Chart("标题", "月份", named, series)


def heat(*rows: list[tuple[int, int]], name: str = "新材料") -> HeatMap:
    cells = [[(Figure(a, "/demands"), Figure(b, "/achievements")) for a, b in row] for row in rows]
    places = [f"地区{place}" for place in range(len(rows[0]))]
    return HeatMap("供需", "领域", [name] * len(rows), places, ("需求", "成果"), cells)


def parsed(drawn: Markup) -> ElementTree.Element:
    return ElementTree.fromstring(drawn)


def picture(drawn: Markup) -> ElementTree.Element:
    found = parsed(drawn).find("./div[@class='picture']/svg")
    assert found is not None
    return found


def table(drawn: Markup) -> list[list[str]]:
    rows = parsed(drawn).findall(".//tbody/tr")
    return [["".join(cell.itertext()) for cell in row] for row in rows]


def links(inside: ElementTree.Element) -> list[str]:
    return [found.attrib["href"] for found in inside.iter("a")]


def stage(name: str, value: int, stay: float | None = None) -> Stage:
    return Stage(name, Figure(value, f"/cases?stage={name}" if value else ""), stay)


@pytest.mark.parametrize("draw", PLANES)
def test_every_number_is_in_the_table_and_leads_to_its_list_from_both(
    draw: Callable[[Chart], Markup],
):
    drawn = draw(chart([3, 0, 12_345], [1, 2, 7]))
    assert table(drawn) == [
        ["2026-01", "3", "1"],
        ["2026-02", "0", "2"],
        ["2026-03", "12,345", "7"],
    ]
    behind = parsed(drawn).find("details")
    assert behind is not None
    assert links(behind) == ["/demands?a=1&b=2"] * 5, "nothing lies behind a zero"
    assert links(picture(drawn)) == ["/demands?a=1&b=2"] * 5


@pytest.mark.parametrize("draw", PLANES)
def test_what_is_drawn_says_its_number_when_pointed_at(draw: Callable[[Chart], Markup]):
    said = [found.text for found in picture(draw(chart([3], [4]))).iter("title")]
    assert said == ["2026-01，系列0：3", "2026-01，系列1：4"]


@pytest.mark.parametrize("draw", PLANES)
def test_texts_are_escaped_wherever_they_stand(draw: Callable[[Chart], Markup]):
    figures = [Figure(5, f"/x?{HOSTILE}")]
    drawn = draw(Chart(HOSTILE, HOSTILE, [HOSTILE], [Series(HOSTILE, figures)], HOSTILE))
    assert "<script" not in drawn
    assert links(picture(drawn)) == [f"/x?{HOSTILE}"]
    assert parsed(drawn).findtext("./figcaption/h2") == HOSTILE


def test_heat_maps_and_funnels_are_escaped_too():
    drawn = heat_map(heat([(1, 2)], name=HOSTILE)) + funnel(
        Funnel(HOSTILE, [Stage(HOSTILE, Figure(1, HOSTILE), 2.0)], HOSTILE)
    )
    assert "<script" not in drawn
    assert parsed(Markup("<div>") + drawn + Markup("</div>")).findall("./figure")


@pytest.mark.parametrize("rows", [[[0, 0]], [[]], []])
@pytest.mark.parametrize("draw", PLANES)
def test_nothing_to_draw_is_said_in_words(draw: Callable[[Chart], Markup], rows: list[list[int]]):
    data = chart(*rows) if rows else Chart("标题", "月份", [], [])
    assert parsed(draw(data)).find(".//svg") is None
    assert "还没有可以统计的数据" in draw(data)


def test_empty_heat_maps_and_funnels_are_said_in_words():
    for drawn in (
        heat_map(heat([(0, 0)])),
        heat_map(HeatMap("供需", "领域", [], [], ("需求", "成果"), [])),
        funnel(Funnel("漏斗", [stage("推荐", 0)])),
        funnel(Funnel("漏斗", [])),
    ):
        assert "还没有可以统计的数据" in drawn
        assert "<svg" not in drawn


@pytest.mark.parametrize("value", [1, 999_999, 10**15])
@pytest.mark.parametrize("draw", PLANES)
def test_shapes_stay_on_the_canvas_however_large_the_number(
    draw: Callable[[Chart], Markup], value: int
):
    svg = picture(draw(chart([value, 0], [1, value])))
    width, height = float(svg.attrib["width"]), float(svg.attrib["height"])
    for shape in svg.iter("rect"):
        x, y, wide, high = (float(shape.attrib[name]) for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert y >= 0
        assert x + wide <= width
        assert y + high <= height
    for text in svg.iter("text"):
        assert 0 <= float(text.attrib["x"]) <= width


@pytest.mark.parametrize("draw", PLANES)
def test_long_labels_are_cut_and_whole_when_pointed_at(draw: Callable[[Chart], Markup]):
    name = "先进制造与自动化以及与之相关的其他很长很长的技术领域名称" * 4
    svg = picture(draw(chart([1, 2], labels=[name, "短"])))
    shown = [text for text in svg.iter("text") if text.findtext("title") == name]
    assert len(shown) == 1
    assert "".join(shown[0].itertext()).endswith("…")


def test_labels_below_an_axis_do_not_overlap():
    labels = [f"2026-{place:02}" for place in range(1, 25)]
    svg = picture(stacked_bars(chart(list(range(1, 25)), labels=labels)))
    places = [float(t.attrib["x"]) for t in svg.iter("text") if t.text in labels]
    assert len(places) > 4
    assert min(b - a for a, b in pairwise(places)) >= width_of("2026-01")


def test_a_stack_is_as_high_as_its_parts():
    svg = picture(stacked_bars(chart([30], [70])))
    heights = [float(shape.attrib["height"]) for shape in svg.iter("rect")]
    assert heights[1] / heights[0] == pytest.approx(7 / 3, rel=0.01)
    assert [text.text for text in svg.iter("text") if text.attrib["class"] == "middle total"] == [
        "100"
    ]


def test_a_heat_map_shows_and_links_both_numbers_of_each_cell():
    drawn = heat_map(heat([(3, 12_000), (0, 0)], [(0, 5), (2, 0)]))
    assert table(drawn) == [["新材料", "3 / 12,000", "0 / 0"], ["新材料", "0 / 5", "2 / 0"]]
    assert links(picture(drawn)) == ["/demands", "/achievements", "/achievements", "/demands"]
    texts = [text.text for text in picture(drawn).iter("text")]
    assert "1.2万" in texts


def test_many_demands_with_few_achievements_are_marked_as_a_gap_without_colour_too():
    drawn = heat_map(heat([(40, 1), (4, 50), (4, 50), (4, 50)]))
    shapes = [shape.attrib["class"] for shape in picture(drawn).iter("rect")]
    marks = [t.text for t in picture(drawn).iter("text") if t.attrib["class"] == "mark"]
    assert shapes == ["gap-2", "rich-1", "rich-1", "rich-1"]
    assert marks == ["▲▲", "▽", "▽", "▽"]


def test_one_cell_alone_is_neither_gap_nor_plenty():
    drawn = heat_map(heat([(3, 4)]))
    assert [shape.attrib["class"] for shape in picture(drawn).iter("rect")] == ["even"]


def test_a_funnel_tells_shares_and_stays():
    stages = [stage("推荐", 40, 3.0), stage("已联系", 10, 0.2), stage("洽谈", 0)]
    drawn = funnel(Funnel("漏斗", stages))
    assert table(drawn) == [
        ["推荐", "40", "100%", "3 天"],
        ["已联系", "10", "25%", "不到 1 天"],
        ["洽谈", "0", "0%", "—"],
    ]
    assert links(picture(drawn)) == ["/cases?stage=推荐", "/cases?stage=已联系"]
    assert "停留中位数 3 天" in drawn


def test_no_chart_has_styles_or_scripts_of_its_own_or_stops_the_tab_key_in_the_picture():
    """As the policy of the pages forbids the one, and hundreds of stops would be a trap."""
    drawn = [draw(chart([3, 4], [1, 2])) for draw in PLANES]
    for one in [*drawn, heat_map(heat([(1, 2)])), funnel(Funnel("漏斗", [stage("推荐", 1)]))]:
        everything = list(parsed(one).iter())
        assert not {e.tag for e in everything} & {"style", "script"}
        assert not any(name == "style" or name[:2] == "on" for e in everything for name in e.attrib)
        assert picture(one).attrib["aria-hidden"] == "true"
        assert all(a.attrib["tabindex"] == "-1" for a in picture(one).iter("a"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (999, "999"),
        (9_999, "9,999"),
        (10_000, "1万"),
        (12_345, "1.2万"),
        (99_999, "10万"),
        (356_000, "36万"),
        (120_000_000, "1.2亿"),
    ],
)
def test_large_numbers_are_written_in_wan_and_yi(value: int, text: str):
    assert short(value) == text


def test_stays_are_in_days():
    assert [days(None), days(0.4), days(1.0), days(12.55)] == ["—", "不到 1 天", "1 天", "12.6 天"]


@pytest.mark.parametrize("largest", [0, 1, 3, 4, 5, 27, 99, 100, 12_345, 10**15])
def test_ticks_are_whole_and_reach_the_largest(largest: int):
    scale = ticks(largest)
    assert scale[0] == 0
    assert scale[-1] >= max(largest, 1)
    assert len(scale) <= 5
    assert len({b - a for a, b in pairwise(scale)}) == 1


def test_a_lean_compares_shares():
    assert lean(10, 0, (100, 50)) == pytest.approx(0.1)
    assert lean(10, 5, (100, 50)) == 0
    assert lean(0, 0, (0, 0)) == 0
    assert [level(v, 1.0) for v in (0.6, 0.3, 0.1, -0.1, -0.3, -0.6)] == [2, 1, 0, 0, -1, -2]


def test_a_label_that_fits_is_left_alone():
    assert fitted("新材料", width_of("新材料")) == "新材料"
    assert fitted("新材料", width_of("新材料") - 1) == "新…"
