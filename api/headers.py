"""One header of a request, read where nothing more of it is needed."""

from starlette.types import Scope


def header(scope: Scope, name: bytes) -> str | None:
    """The first of this name, which is in lower case, as servers hand them over.

    Starlette's ``Headers`` take several times as long, above all to say that there is none.
    """
    for given, value in scope["headers"]:
        if given == name:
            return str(value, "latin-1")
    return None
