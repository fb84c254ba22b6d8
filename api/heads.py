"""HEAD, which routes do not name: GET whose answer is sent without its content."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """ASGI middleware. That no content is sent is the server's part, and every server does it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the routes take HEAD for GET; whoever is further outside sees what was asked."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_as_asked(message: Message) -> None:
            scope["method"] = "HEAD"  # here the server looks whether it sends content
            await send(message)

        scope["method"] = "GET"  # not in a copy: routes leave their name in the scope
        try:
            await self._app(scope, receive, send_as_asked)
        finally:
            scope["method"] = "HEAD"
