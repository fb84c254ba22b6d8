"""Closed lists, checked with a message that names the choices, and shown by the documentation."""

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_after_validator_function


class OneOf:
    """Annotates a text: one of a closed list."""

    def __init__(self, *allowed: str) -> None:
        self._allowed = allowed

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(schema) | {"enum": list(self._allowed)}

    def _checked(self, value: str) -> str:
        if value not in self._allowed:
            choices = "、".join(self._allowed)
            raise PydanticCustomError("choice", "应为以下之一：{choices}", {"choices": choices})
        return value


class EachOf:
    """Annotates a tuple of texts: each is one of a closed list."""

    def __init__(self, *allowed: str) -> None:
        self._allowed = allowed

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(schema) | {"items": {"type": "string", "enum": list(self._allowed)}}

    def _checked(self, chosen: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [value for value in chosen if value not in self._allowed]
        if unknown:
            raise PydanticCustomError(
                "choices",
                "没有“{unknown}”这一项，可选：{choices}",
                {"unknown": unknown[0][:40], "choices": "、".join(self._allowed)},
            )
        return chosen
