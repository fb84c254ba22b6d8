"""What may be sent in: one set of rules for forms, JSON and files."""

from datetime import date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from api.services import examples
from api.services.drafts import AchievementDraft, DemandDraft, clean_text
from api.services.messages import problems
from matcher import values
from matcher.errors import FieldProblem
from matcher.records import Achievement, Demand
from tests.unit.rows import achievement_row, demand_row, draft_values

OFFER = draft_values(achievement_row())
NEED = draft_values(demand_row())


def refused(
    draft: type[AchievementDraft] | type[DemandDraft], given: dict[str, Any]
) -> list[FieldProblem]:
    with pytest.raises(ValidationError) as refusal:
        draft.model_validate(given)
    return problems(refusal.value.errors())


def offer_with(**changes: Any) -> AchievementDraft:
    return AchievementDraft.model_validate(OFFER | changes)


def need_with(**changes: Any) -> DemandDraft:
    return DemandDraft.model_validate(NEED | changes)


def test_a_draft_becomes_the_record_that_it_describes() -> None:
    offer = offer_with(price_min="12.5", maturity="TRL 6").record("a1")
    assert isinstance(offer, Achievement)
    assert (offer.id, offer.title, offer.price_min) == ("a1", OFFER["title"], 12.5)
    assert (offer.maturity, offer.keywords) == (6, ("膜曝气", "氨氮"))
    need = need_with().record("d1")
    assert isinstance(need, Demand)
    assert (need.id, need.confidentiality, need.deadline) == ("d1", "public", None)


@pytest.mark.parametrize(
    ("draft", "row"), [(AchievementDraft, OFFER), (DemandDraft, NEED)], ids=["offer", "need"]
)
def test_every_required_field_is_asked_for_by_name(
    draft: type[AchievementDraft] | type[DemandDraft], row: dict[str, Any]
) -> None:
    required = {name for name, info in draft.model_fields.items() if info.is_required()}
    assert required == set(row) - {"keywords" if draft is AchievementDraft else ""}
    assert {problem.field for problem in refused(draft, {})} == required
    for name in required:
        [missing] = refused(draft, {n: v for n, v in row.items() if n != name})
        assert missing.field == name
        assert "请填写" in missing.message
        [blank] = refused(draft, row | {name: " \t\u3000\n"})
        assert blank.field == name


@pytest.mark.parametrize(
    ("draft", "row"), [(AchievementDraft, OFFER), (DemandDraft, NEED)], ids=["offer", "need"]
)
def test_optional_fields_may_be_blank(
    draft: type[AchievementDraft] | type[DemandDraft], row: dict[str, Any]
) -> None:
    optional = [n for n, info in draft.model_fields.items() if not info.is_required()]
    assert len(optional) >= 5
    blank = {name: "" for name in optional if name != "confidentiality"}
    assert draft.model_validate(row | blank) == draft.model_validate(
        {n: v for n, v in row.items() if n not in blank}
    )


def test_a_field_that_does_not_exist_is_refused() -> None:
    [problem] = refused(AchievementDraft, OFFER | {"price": "1"})
    assert problem.field == "price"
    [problem] = refused(DemandDraft, NEED | {"id": "mine"})
    assert problem.field == "id"


@pytest.mark.parametrize(
    ("draft", "row", "name", "longest"),
    [
        (AchievementDraft, OFFER, "title", 200),
        (AchievementDraft, OFFER, "abstract", 5000),
        (AchievementDraft, OFFER, "provider", 100),
        (AchievementDraft, OFFER, "region", 200),
        (AchievementDraft, OFFER, "contact", 200),
        (DemandDraft, NEED, "title", 100),
        (DemandDraft, NEED, "problem", 5000),
        (DemandDraft, NEED, "indicators", 5000),
        (DemandDraft, NEED, "goal", 5000),
        (DemandDraft, NEED, "region", 100),
        (DemandDraft, NEED, "organisation", 100),
        (DemandDraft, NEED, "contact", 100),
    ],
)
def test_texts_have_a_greatest_length_which_the_message_names(
    draft: type[AchievementDraft] | type[DemandDraft], row: dict[str, Any], name: str, longest: int
) -> None:
    assert getattr(draft.model_validate(row | {name: "字" * longest}), name) == "字" * longest
    [problem] = refused(draft, row | {name: "字" * (longest + 1)})
    assert problem.field == name
    assert str(longest) in problem.message


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  膜  ", "膜"),
        ("\ufeff膜\u200b", "膜"),
        ("上\r\n下\r末", "上\n下\n末"),
        ("上\u2028下", "上\n下"),
        ("a\x00b\x07c\x1bd\x7f", "abcd"),
        ("第一行\x0b第二行\x0c第三行\u2029末", "第一行\n第二行\n第三行\n末"),
        ("\u200e\u2067膜\u2069\u200f", "膜"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("\u202eabc\u202c", "abc"),
        ("\u3000膜\u3000", "膜"),
        ("保留\t制表", "保留\t制表"),
    ],
)
def test_texts_are_cleaned_of_what_cannot_be_seen(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept
    assert offer_with(title=typed).title == kept
    assert clean_text(clean_text(typed)) == kept


@pytest.mark.parametrize("name", ["title", "abstract", "provider", "contact", "keywords"])
def test_half_characters_that_no_database_stores_are_refused(name: str) -> None:
    [problem] = refused(AchievementDraft, OFFER | {name: "膜\ud800"})
    assert problem.field.partition(".")[0] == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("电池、储能；正极材料", ("电池", "储能", "正极材料")),
        ("a, b ;c|d\ne，f", ("a", "b", "c", "d", "e", "f")),
        ("、、电池、 ,", ("电池",)),
        ("电池、电池", ("电池",)),
        (["电池", " 储能 ", "", "电池"], ("电池", "储能")),
        ("离子 交换", ("离子 交换",)),
    ],
)
def test_a_list_may_be_written_in_one_cell(typed: object, kept: tuple[str, ...]) -> None:
    assert offer_with(keywords=typed).keywords == kept
    if len(kept) <= 5:
        assert need_with(keywords=typed).keywords == kept


@pytest.mark.parametrize("keywords", ["", [], "、"])
def test_a_demand_has_a_keyword(keywords: object) -> None:
    [problem] = refused(DemandDraft, NEED | {"keywords": keywords})
    assert problem.field == "keywords"
    assert "请填写" in problem.message


@pytest.mark.parametrize("keywords", ["a、b、c、d、e、f", ["1", "2", "3", "4", "5", "6"]])
def test_a_demand_has_at_most_five_keywords_which_are_counted_not_measured(
    keywords: object,
) -> None:
    [problem] = refused(DemandDraft, NEED | {"keywords": keywords})
    assert problem.field == "keywords"
    assert "5 个" in problem.message


def test_an_achievement_has_up_to_twenty_keywords() -> None:
    assert offer_with(keywords="").keywords == ()
    assert len(offer_with(keywords=[str(n) for n in range(20)]).keywords) == 20
    [problem] = refused(AchievementDraft, OFFER | {"keywords": [str(n) for n in range(21)]})
    assert "20" in problem.message


def test_a_keyword_is_no_sentence() -> None:
    assert offer_with(keywords="字" * 50).keywords == ("字" * 50,)
    [problem] = refused(AchievementDraft, OFFER | {"keywords": ["好", "字" * 51]})
    assert problem.field == "keywords.1"
    assert "50" in problem.message


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("6", 6), (6, 6), ("TRL6", 6), ("trl 6级", 6), (" 6 级 ", 6), (6.0, 6), ("", None)],
)
def test_maturity_is_read_as_people_write_it(typed: object, kept: int | None) -> None:
    assert offer_with(maturity=typed).maturity == kept
    assert need_with(maturity_min=typed).maturity_min == kept


@pytest.mark.parametrize("typed", ["0", 10, -1, "中试", "6.5", 6.5, "TRL", "六"])
def test_maturity_is_one_to_nine(typed: object) -> None:
    assert [p.field for p in refused(AchievementDraft, OFFER | {"maturity": typed})] == ["maturity"]
    assert [p.field for p in refused(DemandDraft, NEED | {"maturity_min": typed})] == [
        "maturity_min"
    ]


@pytest.mark.parametrize(
    ("typed", "kept"), [("0", 0.0), ("12.5", 12.5), (100_000_000, 1e8), ("", None), (None, None)]
)
def test_money_is_a_number_of_ten_thousands(typed: object, kept: float | None) -> None:
    assert need_with(budget=typed).budget == kept
    assert offer_with(price_max=typed).price_max == kept


@pytest.mark.parametrize("typed", ["-1", "100000001", "nan", "inf", float("nan"), "面议", "10万"])
def test_money_that_cannot_be_is_refused(typed: object) -> None:
    assert [p.field for p in refused(DemandDraft, NEED | {"budget": typed})] == ["budget"]


def test_prices_stand_in_order() -> None:
    assert offer_with(price_min=5, price_max=5).price_max == 5.0
    assert offer_with(price_min=5).price_max is None
    [problem] = refused(AchievementDraft, OFFER | {"price_min": 6, "price_max": 5})
    assert problem.field == "price_min"
    assert "价格" in problem.message


@pytest.mark.parametrize(
    "typed",
    [
        "2027-03-01",
        "2027/3/1",
        "2027.3.1",
        "2027年3月1日",
        " 2027-03-01 ",
        "2027-03-01 00:00:00",
        "2027-03-01T08:30:00",
        date(2027, 3, 1),
        datetime(2027, 3, 1, 8, 30),
    ],
)
def test_dates_are_read_as_people_and_spreadsheets_write_them(typed: object) -> None:
    assert need_with(deadline=typed).deadline == "2027-03-01"


@pytest.mark.parametrize(
    "typed", ["2027-02-29", "2027-13-01", "明年", "27-3-1", "2027-03", 20270301]
)
def test_dates_that_are_none_are_refused(typed: object) -> None:
    assert [p.field for p in refused(DemandDraft, NEED | {"deadline": typed})] == ["deadline"]


@pytest.mark.parametrize(
    "typed", ["0512-65881234", "+86 138 0000 0000", "（010）1234567转8", "12345"]
)
def test_telephone_numbers_are_taken_as_written(typed: str) -> None:
    assert need_with(phone=typed).phone == typed


@pytest.mark.parametrize("typed", ["1234", "call me", "微信同号 13800000000", "1" * 41, "a@b.cn"])
def test_what_is_no_telephone_number_is_refused(typed: str) -> None:
    [problem] = refused(DemandDraft, NEED | {"phone": typed})
    assert problem.field == "phone"
    assert "电话" in problem.message


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("public", "public"), ("brokers", "brokers"), ("公开", "public"), ("仅经理人可见", "brokers")],
)
def test_confidentiality_is_named_or_labelled(typed: str, kept: str) -> None:
    assert need_with(confidentiality=typed).confidentiality == kept


def test_an_unknown_confidentiality_is_refused_rather_than_made_public() -> None:
    for typed in ("secret", "", None, "Public"):
        found = refused(DemandDraft, NEED | {"confidentiality": typed})
        assert [problem.field for problem in found] == ["confidentiality"]
        assert "brokers" in found[0].message


@pytest.mark.parametrize(
    ("draft", "row", "name", "choices"),
    [
        (AchievementDraft, OFFER, "field", values.FIELDS),
        (AchievementDraft, OFFER, "industry", values.INDUSTRIES),
        (AchievementDraft, OFFER, "form", values.FORMS),
        (AchievementDraft, OFFER, "level", values.LEVELS),
        (AchievementDraft, OFFER, "application_state", values.APPLICATION_STATES),
        (AchievementDraft, OFFER, "ip_status", values.IP_STATES),
        (DemandDraft, NEED, "field", values.FIELDS),
        (DemandDraft, NEED, "industry", values.INDUSTRIES),
        (DemandDraft, NEED, "solution_mode", values.SOLUTION_MODES),
    ],
)
def test_closed_lists_take_their_values_and_name_them_otherwise(
    draft: type[AchievementDraft] | type[DemandDraft],
    row: dict[str, Any],
    name: str,
    choices: tuple[str, ...],
) -> None:
    for choice in choices:
        assert getattr(draft.model_validate(row | {name: f" {choice} "}), name) == choice
    [problem] = refused(draft, row | {name: "别的"})
    assert problem.field == name
    assert all(choice in problem.message for choice in choices)


@pytest.mark.parametrize(
    ("name", "choices"),
    [("ip_kinds", values.IP_KINDS), ("cooperation_modes", values.COOPERATION_MODES)],
)
def test_lists_of_closed_values_name_the_value_that_is_none(
    name: str, choices: tuple[str, ...]
) -> None:
    assert getattr(offer_with(**{name: "、".join(choices)}), name) == choices
    [problem] = refused(AchievementDraft, OFFER | {name: f"{choices[0]}、胡说"})
    assert problem.field == name
    assert "胡说" in problem.message
    assert choices[-1] in problem.message


def test_labels_differ_within_a_kind_and_are_chinese() -> None:
    for draft in (AchievementDraft, DemandDraft):
        labels = draft.labels()
        assert len(set(labels.values())) == len(labels)
        assert all(not label.isascii() for label in labels.values())


def test_drafts_cover_exactly_the_fields_of_their_records() -> None:
    assert {"id", *AchievementDraft.model_fields} == set(Achievement.__dataclass_fields__)
    assert {"id", *DemandDraft.model_fields} == set(Demand.__dataclass_fields__)


def test_the_examples_of_the_documentation_are_accepted() -> None:
    for draft, example in (
        (AchievementDraft, examples.ACHIEVEMENT),
        (DemandDraft, examples.DEMAND),
    ):
        assert draft.model_validate(example)
        assert draft.model_json_schema()["examples"] == [example]
