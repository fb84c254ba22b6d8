"""Addresses of this server with a query: a page as it is now, and as a link would change it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from fastapi import Request

from api.pages.hrefs import joined

Items = tuple[tuple[str, str], ...]
_LONGEST: Final = 2000
_OWN_PAGE: Final = re.compile(r"/(?![/\\])[^\\\x00-\x20]*")


@dataclass(frozen=True, slots=True)
class Address:
    """A path and what is asked of it; empty values are left out."""

    path: str
    items: Items = ()

    @classmethod
    def of(cls, request: Request, known: Iterable[str]) -> Self:
        """Where one is, with the parameters that are ``known``."""
        names = set(known)
        items = request.query_params.multi_items()
        return cls(request.url.path, tuple((n, v) for n, v in items if n in names and v))

    def __str__(self) -> str:
        return joined(self.path, self.items)

    def all(self, name: str) -> tuple[str, ...]:
        """All values of a parameter, each once."""
        return tuple(dict.fromkeys(value for n, value in self.items if n == name))

    def having(self, name: str, value: str) -> Self:
        """The same with one value of this parameter; without it if that is empty."""
        rest = tuple((n, v) for n, v in self.items if n != name)
        return type(self)(self.path, (*rest, (name, value)) if value else rest)

    def adding(self, name: str, value: str) -> Self:
        """The same with one more value of this parameter."""
        return type(self)(self.path, (*self.removing(name, value).items, (name, value)))

    def removing(self, name: str, value: str) -> Self:
        """The same without this value."""
        return type(self)(self.path, tuple(i for i in self.items if i != (name, value)))


def local(address: str) -> str:
    """An address that was sent to us if it is a page of this server, or the start."""
    return address if _OWN_PAGE.fullmatch(address) and len(address) <= _LONGEST else "/"
