"""Every complaint of pydantic that our shapes can cause is a Chinese sentence."""

from typing import Any

import pytest
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from api.services.messages import problems


class Inner(BaseModel):
    count: int = Field(ge=1, le=9)


class Shape(BaseModel, extra="forbid"):
    name: str = Field(min_length=1, max_length=3, pattern="^[a-z]*$")
    inner: Inner = Inner(count=1)
    amount: float = Field(0.0, allow_inf_nan=False)
    flag: bool = False
    names: tuple[str, ...] = Field((), min_length=0, max_length=2)
    some: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("given", "field", "told"),
    [
        ({}, "name", "请填写"),
        ({"name": ""}, "name", "请填写"),
        ({"name": "abcd"}, "name", "3 字"),
        ({"name": "1"}, "name", "格式"),
        ({"name": 1}, "name", "文字"),
        ({"name": "a", "else": 1}, "else", "没有这一项"),
        ({"name": "a", "inner": {"count": 0}}, "inner.count", "1"),
        ({"name": "a", "inner": {"count": 10}}, "inner.count", "9"),
        ({"name": "a", "inner": {"count": "x"}}, "inner.count", "整数"),
        ({"name": "a", "inner": {"count": 1.5}}, "inner.count", "整数"),
        ({"name": "a", "inner": {"count": [1]}}, "inner.count", "整数"),
        ({"name": "a", "inner": 5}, "inner", "JSON 对象"),
        ({"name": "a", "amount": "x"}, "amount", "数字"),
        ({"name": "a", "amount": []}, "amount", "数字"),
        ({"name": "a", "amount": float("inf")}, "amount", "有限"),
        ({"name": "a", "flag": "maybe"}, "flag", "true"),
        ({"name": "a", "names": 5}, "names", "列表"),
        ({"name": "a", "names": ["x", "y", "z"]}, "names", "2 项"),
        ({"name": "a", "names": ["x", 5]}, "names.1", "文字"),
        ({"name": "a", "some": 5}, "some", "列表"),
    ],
)
def test_each_complaint_names_its_field_and_says_what_to_do(
    given: dict[str, Any], field: str, told: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        Shape.model_validate(given)
    [problem] = problems(refusal.value.errors())
    assert problem.field == field
    assert told in problem.message
    assert problem.message.endswith("。")
    assert "{" not in problem.message


def test_json_that_is_none_is_said_to_be() -> None:
    with pytest.raises(ValidationError) as refusal:
        Shape.model_validate_json("{")
    [problem] = problems(refusal.value.errors())
    assert "JSON" in problem.message


def test_outer_parts_of_a_location_can_be_left_out() -> None:
    errors = [{"type": "missing", "loc": ("body", "filters", "fields"), "msg": "", "ctx": {}}]
    [problem] = problems(errors, skip=1)
    assert problem.field == "filters.fields"


def test_a_complaint_that_nobody_foresaw_still_gets_a_chinese_sentence() -> None:
    with pytest.raises(ValidationError) as refusal:
        TypeAdapter(bytes).validate_python(5)
    [problem] = problems(refusal.value.errors())
    assert problem.field == ""
    assert "请检查" in problem.message


def test_every_complaint_is_kept_in_order() -> None:
    with pytest.raises(ValidationError) as refusal:
        Shape.model_validate({"amount": "x", "flag": "x"})
    assert [p.field for p in problems(refusal.value.errors())] == ["name", "amount", "flag"]
