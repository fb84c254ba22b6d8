"""Drafts of open calls: what demands say, what they do not, and the files made of it."""

import re
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from api.files.documents import Document, Section, file_name, to_docx, to_markdown
from matcher.calls import FIELDS, GAP, draft, gaps_in
from matcher.calls.lines import Draft
from matcher.records import Demand

WHOLE = Demand(
    id="d1",
    title="轴承套圈外观全检",
    problem="人工灯下看漏检多。知识产权归双方共有。",
    indicators="漏检率不超过0.2%；节拍1.5秒以内。",
    goal="一年内验收。做过同类项目的团队优先。",
    field="先进制造与自动化",
    industry="制造业",
    region="浙江-宁波",
    solution_mode="合作研发",
    maturity_min=6,
    budget=180,
    deadline="2027-11-30",
)
BARE = Demand(id="d2", title="滚子外观靠人眼挑")


def lines(made: Draft, field: str) -> list[str]:
    return [line.text for line in made.fields[field]]


def test_a_whole_demand_leaves_only_the_issuer_open() -> None:
    made = draft([WHOLE], ["外观检测"])
    assert made.title == WHOLE.title
    assert list(made.fields) == list(FIELDS)
    assert lines(made, "ownership") == ["知识产权归双方共有。"]
    assert lines(made, "funding") == ["企业预算：180 万元"]
    assert "做过同类项目的团队优先。" in lines(made, "eligibility")
    assert "现有技术成熟度：不低于 TRL 6（样品样机）" in lines(made, "eligibility")
    assert gaps_in(made.texts()) == 1
    assert lines(made, "issuer")[-1] == f"{GAP}发榜单位、联系人和电话】"


def test_what_a_demand_does_not_say_is_marked_in_every_field() -> None:
    made = draft([BARE], [])
    assert {name for name in FIELDS if GAP in made.texts()[name]} == set(FIELDS)


def test_demands_of_one_topic_are_told_apart() -> None:
    made = draft([WHOLE, BARE], ["外观检测", "漏检"])
    assert made.title == "外观检测、漏检技术攻关"
    assert lines(made, "deadline")[0] == "需求1：希望完成日期：2027-11-30"
    assert lines(made, "funding")[-1].startswith(f"{GAP}需求2的资金投入")
    assert draft([WHOLE, BARE], []).title == f"{GAP}榜单名称】"


def test_different_bounds_are_shown_with_the_strictest_and_the_loosest() -> None:
    other = Demand(id="d3", title="滚子", indicators="漏检率1%以下")
    [found] = [t for t in lines(draft([WHOLE, other], ["漏检"]), "indicators") if "各需求" in t]
    assert "需求1 不超过0.2%，需求2 1%以下；最严 不超过0.2%，最宽 1%以下" in found


def test_a_contradiction_is_a_gap() -> None:
    one = Demand(id="1", title="甲", indicators="厚度不低于5 mm")
    two = Demand(id="2", title="乙", indicators="厚度不超过3 mm")
    assert any(
        t.startswith(f"{GAP}“厚度”的要求互相矛盾")
        for t in lines(draft([one, two], []), "indicators")
    )


def test_a_demand_that_only_brokers_see_needs_a_yes_first() -> None:
    assert "征得企业同意" in draft([WHOLE], [], [WHOLE.id]).texts()["issuer"]
    assert "征得企业同意" not in draft([WHOLE], []).texts()["issuer"]


LABELS = re.compile(
    r"需求\d+|背景与问题|预期目标|希望完成日期|企业预算|万元|合作方式|现有技术成熟度|不低于 TRL"
    r"|原理验证|样品样机|工程与产业化|需求方所在地和行业|各需求的|最严|最宽"
)
TEXTS = st.text(st.sampled_from("轴承漏检率不超过0.2%；≥95 mm团队知识产权归属。，\n "), max_size=40)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(TEXTS, TEXTS, TEXTS, TEXTS, st.none() | st.integers(1, 999)),
        min_size=1,
        max_size=3,
    )
)
def test_a_draft_says_nothing_that_no_demand_says(
    said: list[tuple[str, str, str, str, int | None]],
) -> None:
    demands = [
        Demand(id=str(n), title=a, problem=b, indicators=c, goal=d, budget=e)
        for n, (a, b, c, d, e) in enumerate(said)
    ]
    known = "".join(
        "".join(f"{d.title}{d.problem}{d.indicators}{d.goal}{d.budget or ''}".split())
        for d in demands
    )
    made = draft(demands, [])
    assert all(made.fields[name] for name in FIELDS)
    for line in (line for found in made.fields.values() for line in found if not line.is_gap):
        assert line.demand_id is not None
        words = re.split(r"[：，；“”（）\s]|(?<=\d) ", LABELS.sub("，", line.text))
        for word in filter(None, words):
            assert all(part in known for part in re.split(r"[：，；]", word)), (word, line)


FACTS = (("状态", "草稿"), ("来源需求", "1 条"))


def document(title: str = "轴承外观检测技术攻关", text: str = "第一行\n第二行") -> Document:
    sections = (Section("核心指标", text), Section("产权归属", f"{GAP}归谁】"))
    return Document(title, FACTS, sections, "公开内容。", GAP)


def test_a_docx_opens_with_its_headings_its_table_and_chinese_fonts() -> None:
    opened = docx.Document(BytesIO(to_docx(document())))
    kinds = [(p.style.name if p.style else "", p.text) for p in opened.paragraphs]
    assert kinds[:4] == [
        ("Title", "轴承外观检测技术攻关"),
        ("Heading 1", "核心指标"),
        ("Normal", "第一行"),
        ("Normal", "第二行"),
    ]
    assert [[cell.text for cell in row.cells] for row in opened.tables[0].rows] == [
        list(f) for f in FACTS
    ]
    [gap] = [p for p in opened.paragraphs if p.text.startswith(GAP)]
    assert gap.runs[0].bold
    for name, font in (("Normal", "宋体"), ("Title", "黑体"), ("Heading 1", "黑体")):
        fonts = opened.styles[name].element.rPr.rFonts  # type: ignore[attr-defined]
        assert fonts.get(qn("w:eastAsia")) == font
        assert fonts.get(qn("w:eastAsiaTheme")) is None


HOSTILE = (
    "\x00\x0b\ufffe\ud800<b>&amp;</b>]]>\r\n# 标题\n- 项\n1. 一\n"
    "| a | b |\n---\n===\n```\n[链](javascript:x)![](y) <script>"
)


def test_nothing_typed_breaks_a_docx() -> None:
    opened = docx.Document(BytesIO(to_docx(document(title=HOSTILE, text=HOSTILE * 200))))
    assert sum(p.text == "# 标题" for p in opened.paragraphs) == 200


def test_whatever_is_typed_is_plain_text_in_markdown() -> None:
    tokens = (
        MarkdownIt("commonmark")
        .enable("table")
        .parse(to_markdown(document(HOSTILE, HOSTILE)).decode())
    )
    kinds = [token.type for token in tokens]
    assert [
        kinds.count(k) for k in ("heading_open", "table_open", "fence", "hr", "bullet_list_open")
    ] == [3, 1, 0, 0, 0]
    assert "ordered_list_open" not in kinds
    assert "html_block" not in kinds
    inner = {child.type for token in tokens for child in token.children or ()}
    assert inner <= {"text", "text_special", "strong_open", "strong_close", "softbreak"}
    assert "<script>" in "".join(c.content for t in tokens for c in t.children or ())


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("轴承、检测", "轴承、检测.docx"),
        ("../../etc/passwd", "etc-passwd.docx"),
        ('a"b<c>\r\nd', "a-b-c-d.docx"),
        ("", "榜单.docx"),
        ("...", "榜单.docx"),
        ("长" * 300, "长" * 60 + ".docx"),
    ],
)
def test_names_of_files_are_safe(title: str, name: str) -> None:
    assert file_name(title, "docx") == name
