"""Validation errors as Chinese sentences, by error code."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from matcher.errors import FieldProblem, InvalidInput

D = TypeVar("D", bound=BaseModel)

_SENTENCES: Final = {
    "missing": "请填写此项。",
    "string_too_short": "请填写此项。",
    "string_too_long": "最多 {max_length} 字，现在多了 {over} 字，请删减。",
    "string_type": "应为文字。",
    "string_unicode": "含有无法识别的字符，请重新输入。",
    "string_pattern_mismatch": "格式不对，请检查。",
    "too_short": "至少填写 {min_length} 项。",
    "too_long": "最多填写 {max_length} 项。",
    "tuple_type": "应为列表。",
    "list_type": "应为列表。",
    "set_type": "应为列表。",
    "frozen_set_type": "应为列表。",
    "dict_type": "应为 JSON 对象。",
    "model_type": "应为 JSON 对象。",
    "model_attributes_type": "应为 JSON 对象。",
    "int_parsing": "应为整数。",
    "int_type": "应为整数。",
    "int_from_float": "应为整数。",
    "int_parsing_size": "数值太大。",
    "float_parsing": "应为数字。",
    "float_type": "应为数字。",
    "finite_number": "应为有限的数字。",
    "bool_parsing": "应为 true 或 false。",
    "greater_than_equal": "不能小于 {ge}。",
    "less_than_equal": "不能大于 {le}。",
    "literal_error": "应为以下之一：{expected}。",
    "enum": "应为以下之一：{expected}。",
    "extra_forbidden": "没有这一项，请检查名称。",
    "json_invalid": "不是合法的 JSON，请检查括号、引号和编码。",
}
_KEY: Final = "请用 16 至 200 个字符的随机串，只用字母、数字和英文符号。"
_OF_FIELD: Final = {
    ("Idempotency-Key", "string_too_short"): _KEY,
    ("Idempotency-Key", "string_too_long"): _KEY,
    ("Idempotency-Key", "string_pattern_mismatch"): _KEY,
    ("phone", "string_pattern_mismatch"): "请填写电话号码，只用数字、空格、+、- 和括号。",
    ("keywords", "too_short"): "请填写 1 至 5 个关键词。",
    ("keywords", "too_long"): "关键词最多 {max_length} 个。",
    ("confidentiality", "literal_error"): "应为 public(公开)或 brokers(仅经理人可见)。",
}
_MOST: Final = 30
_LONGEST: Final = 40
"""Names that nobody knows are quoted in an answer, so there is a limit to them."""
_WHOLE: Final = {
    "price_order": "price_min",
    "maturity_order": "maturity_min",
    "amount_order": "amount_min",
    "validity_order": "valid_from",
    "day_end": "slots",
    "reason": "reason",
}
"""Errors of a whole record, and the field beside which they are shown."""
_OWN: Final = frozenset({"choice", "choices", "date", "value_error", *_WHOLE})
"""Errors whose sentences are ours already."""


def valid(draft: type[D], given: Mapping[str, Any]) -> D:
    """The draft with these values. Raises InvalidInput, its sentence that of the first problem."""
    try:
        return draft.model_validate(given)
    except ValidationError as error:
        found = problems(error.errors())
        raise InvalidInput(found[0].message, found) from error


def problems(errors: Iterable[Mapping[str, Any]], skip: int = 0) -> list[FieldProblem]:
    """One problem for each of the first errors of pydantic, of any length of input.

    ``skip`` drops outer parts of their locations. A body that is no JSON is nobody's field.
    """
    found = []
    for error in islice(errors, _MOST):
        location = [] if error["type"] == "json_invalid" else error["loc"][skip:]
        name = str(location[0])[:_LONGEST] if location else _WHOLE.get(error["type"], "")
        place = ".".join(str(part)[:_LONGEST] for part in location) or name
        found.append(FieldProblem(place, _sentence(name, error)))
    return found


def _sentence(name: str, error: Mapping[str, Any]) -> str:
    code = str(error["type"])
    of_field = _OF_FIELD.get((name, code))
    if code in {"too_short", "too_long"} and isinstance(error.get("input"), str):
        code = f"string_{code}"
    if code in _OWN:
        return f"{str(error['msg']).rstrip('。')}。"
    template = of_field or _SENTENCES.get(code, "填写有误，请检查。")
    context = dict(error.get("ctx") or {})
    if code == "string_too_long":
        context["over"] = len(error["input"]) - context["max_length"]
    if "expected" in context:
        context["expected"] = context["expected"].replace("'", "").replace(" or ", "、")
    return template.format_map(context)
