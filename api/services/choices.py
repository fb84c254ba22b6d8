"""Closed lists, checked with a message that names the choices, and shown by the documentation."""

from abc import ABC, abstractmethod
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_after_validator_function


class _Choice(ABC):
    """Annotates what comes from a closed list."""

    def __init__(self, *allowed: str) -> None:
        self._allowed = allowed

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return no_info_after_validator_function(self._checked, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(schema) | self._shown()

    @abstractmethod
    def _checked(self, value: Any) -> Any:  # noqa: ANN401 - a text or a tuple of them
        """The value, or an error that names the choices."""

    @abstractmethod
    def _shown(self) -> JsonSchemaValue:
        """The choices as JSON Schema has them."""


class OneOf(_Choice):
    """Annotates a text: one of a closed list."""

    def _checked(self, value: str) -> str:
        if value not in self._allowed:
            choices = "、".join(self._allowed)
            raise PydanticCustomError("choice", "应为以下之一：{choices}", {"choices": choices})
        return value

    def _shown(self) -> JsonSchemaValue:
        return {"enum": list(self._allowed)}


class EachOf(_Choice):
    """Annotates a tuple of texts: each is one of a closed list."""

    def _checked(self, value: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [item for item in value if item not in self._allowed]
        if unknown:
            raise PydanticCustomError(
                "choices",
                "没有“{unknown}”这一项，可选：{choices}",
                {"unknown": unknown[0][:40], "choices": "、".join(self._allowed)},
            )
        return value

    def _shown(self) -> JsonSchemaValue:
        return {"items": {"type": "string", "enum": list(self._allowed)}}
