"""Every route says who may call it; the guard asks before anything of the request is read."""

from collections.abc import Callable, Coroutine
from inspect import iscoroutinefunction
from typing import Annotated, Any, Final

from fastapi import Depends, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.access.allowed import Allowed
from api.access.identity import address, identified, is_from_here, typed_in
from api.access.threads import at_once, in_thread, threaded
from api.security.roles import ACCOUNT_ROLES, STAFF, Actor, Role, Scope, visitor
from matcher.errors import FormExpired, NotSignedIn, StoreUnavailable

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class GuardedRoute(APIRoute):
    """A route that cannot be made without saying who may call it.

    A request is answered whole in one thread: the guard, what depends on it, and the endpoint.
    """

    takes_turns = False
    """Whether others may be answered between its steps."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401
        endpoint = endpoint if iscoroutinefunction(endpoint) else at_once(endpoint)
        super().__init__(path, endpoint, **options)
        declared = list(_declared(self.dependant))
        if len(declared) != 1:
            raise TypeError(f"{path} must say exactly once who may call it, not {len(declared)}×")
        self.allowed = declared[0]
        if self.allowed.files and not isinstance(self, UploadRoute):
            raise TypeError(f"{path} takes files, which only an UploadRoute can wait for")
        self.openapi_extra = {"security": self.allowed.security} | (self.openapi_extra or {})

    def get_route_handler(self) -> Handler:
        """The handler behind the guard."""
        handle = self._behind_the_guard()

        async def guarded(request: Request) -> Response:
            return await self._answer(request, handle)

        return guarded

    def _behind_the_guard(self) -> Handler:
        return super().get_route_handler()

    async def _answer(self, request: Request, handle: Handler) -> Response:
        return await in_thread(self._answer_here(request, handle), self.takes_turns)

    async def _answer_here(self, request: Request, handle: Handler) -> Response:
        self._identify(request)
        return await self._let_in(request, handle)

    def _identify(self, request: Request) -> None:
        request.state.actor = actor = self._identified(request)
        if actor.role is not Role.visitor:
            request.state.role = actor.role.value  # for logs and limits, outside of here
        request.state.expired = False

    async def _let_in(self, request: Request, handle: Handler) -> Response:
        actor: Actor = request.state.actor
        try:
            self.allowed.check(actor)
            await self._expect_our_page(request, actor)
            return await handle(request)
        except (NotSignedIn, FormExpired):
            if self.allowed.keeps_typed and request.method not in _SAFE:
                request.state.typed = await typed_in(request, self.allowed.fields)
            raise
        finally:
            await request.close()  # the file of a form that was read

    async def _expect_our_page(self, request: Request, actor: Actor) -> None:
        """Raise FormExpired for a write from elsewhere, unless the route answers that itself."""
        if request.method in _SAFE or await is_from_here(
            request, actor, self.allowed.files, self.allowed.fields
        ):
            return
        request.state.expired = True
        if not self.allowed.answers_expired:
            raise FormExpired

    def _identified(self, request: Request) -> Actor:
        """Who calls. A page for everybody is there for everybody without a database too.

        Else somebody who has typed a demand would get a page that says no more than that.
        """
        try:
            return identified(request)
        except StoreUnavailable:
            if Role.visitor not in self.allowed.roles:
                raise
            return visitor(address(request))


class UploadRoute(GuardedRoute):
    """A guarded route that takes files: the event loop reads them as they arrive."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401
        super().__init__(path, threaded(endpoint), **options)

    async def _answer(self, request: Request, handle: Handler) -> Response:
        await in_thread(at_once(self._identify)(request))
        return await self._let_in(request, handle)


def _declared(dependant: Dependant) -> "list[Allowed]":
    own = [dependant.call] if isinstance(dependant.call, Allowed) else []
    return [*own, *(found for part in dependant.dependencies for found in _declared(part))]


_EVERYBODY: Final = frozenset(Role)
_SIGNED_IN: Final = frozenset(ACCOUNT_ROLES)
_ADMINISTRATOR: Final = frozenset({Role.administrator})

Anyone = Annotated[Actor, Depends(Allowed(_EVERYBODY))]
AnyoneTyping = Annotated[Actor, Depends(Allowed(_EVERYBODY, answers_expired=True))]
SignedIn = Annotated[Actor, Depends(Allowed(_SIGNED_IN))]
Reader = Annotated[Actor, Depends(Allowed(_SIGNED_IN, Scope.read))]
Writer = Annotated[Actor, Depends(Allowed(_SIGNED_IN, Scope.write))]
WriterTyping = Annotated[
    Actor,
    Depends(Allowed(_SIGNED_IN, Scope.write, answers_expired=True, answers_signed_out=True)),
]
Matcher = Annotated[Actor, Depends(Allowed(STAFF, Scope.match))]
StaffReader = Annotated[Actor, Depends(Allowed(STAFF, Scope.read))]
StaffWriter = Annotated[Actor, Depends(Allowed(STAFF, Scope.write))]
StaffTicking = Annotated[Actor, Depends(Allowed(STAFF, Scope.write, fields=1000, keeps_typed=True))]
"""For forms with a tick for each of many things."""
StaffFilling = Annotated[Actor, Depends(Allowed(STAFF, Scope.write, keeps_typed=True))]
"""For small forms, which are shown again as they were sent."""
StaffTyping = Annotated[
    Actor, Depends(Allowed(STAFF, Scope.write, answers_expired=True, keeps_typed=True))
]
"""For forms that the route shows again in full."""
Exporter = Annotated[Actor, Depends(Allowed(STAFF, Scope.export))]
Importer = Annotated[Actor, Depends(Allowed(_ADMINISTRATOR, Scope.import_))]
ImporterWithFile = Annotated[Actor, Depends(Allowed(_ADMINISTRATOR, Scope.import_, files=1))]
AuditExporter = Annotated[Actor, Depends(Allowed(_ADMINISTRATOR, Scope.export))]
Operator = Annotated[Actor, Depends(Allowed(_ADMINISTRATOR, Scope.operate))]
Administrator = Annotated[Actor, Depends(Allowed(_ADMINISTRATOR))]

ANYONE: Final = Depends(Allowed(_EVERYBODY))
READER: Final = Depends(Allowed(_SIGNED_IN, Scope.read))
STAFF_READER: Final = Depends(Allowed(STAFF, Scope.read))
MATCHER: Final = Depends(Allowed(STAFF, Scope.match))
OPERATOR: Final = Depends(Allowed(_ADMINISTRATOR, Scope.operate))
ADMINISTRATOR: Final = Depends(Allowed(_ADMINISTRATOR))
