"""Who is asking: a reviewer by session or API key, or whoever sits at this machine.

A request is local when both its peer and its `Host` are the loopback address: a page of another
site that points its name here (DNS rebinding) is not, and neither is what a reverse proxy passes
on. Local requests need no credentials, save that the review pages ask for a sign-in as soon as
there are reviewers. All others need one always.
"""

import asyncio
from urllib.parse import urlsplit

from starlette.datastructures import URL, Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from service.errors import NotPermitted, SignInFailed, SignInRequired, SongnguError
from service.http.problems import problem_of
from service.review import access
from service.store.review_values import Reviewer, Role
from service.store.reviewers import ReviewerStore

OPEN = ("/livez", "/readyz", "/sign-in", "/static/", "/ui/")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Access:
    """ASGI middleware: sets `state.reviewer` (None for a local caller of `/v1`) or refuses."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        try:
            reviewer, by_key = await self._known(connection)
            if not by_key and scope["method"] not in SAFE:
                check_origin(connection.headers)
        except SongnguError as error:
            await self._refusal(connection, error)(scope, receive, send)
            return
        scope.setdefault("state", {})
        owner = reviewer.id if reviewer is not None else ""  # of the jobs made by this request
        scope["state"].update(reviewer=reviewer, by_key=by_key, owner=owner)
        await self.app(scope, receive, send)

    async def _known(self, connection: HTTPConnection) -> tuple[Reviewer | None, bool]:
        path = connection.url.path
        key = bearer(connection.headers)
        reviewers = _reviewers(connection)
        if key is not None and reviewers is not None:
            return await asyncio.to_thread(access.of_key, reviewers, key), True
        local = is_local(connection)
        if path.startswith(OPEN) or (local and not is_review_page(path)):
            return None, False
        if reviewers is None:  # starting, or no store: nobody can be known
            if local:
                return access.LOCAL, False
            raise SignInRequired
        token = connection.cookies.get(cookie_name(connection.url), "")
        return await asyncio.to_thread(_by_session, reviewers, token, local), False

    def _refusal(self, connection: HTTPConnection, error: SongnguError) -> Response:
        wants_page = "text/html" in connection.headers.get("accept", "")
        if isinstance(error, SignInRequired) and wants_page:
            return RedirectResponse("/sign-in", status_code=303)
        return problem_of(error)


def editors_only(request: Request) -> None:
    """For what all later articles depend on; whoever sits at this machine may do it too."""
    reviewer: Reviewer | None = request.state.reviewer
    if reviewer is not None:
        access.check_role(reviewer, Role.EDITOR)


def _by_session(reviewers: ReviewerStore, token: str, local: bool) -> Reviewer:
    found = reviewers.of_session(access.digest(token)) if token else None
    if found is not None:
        return found
    if local and not reviewers.exist():
        return access.LOCAL
    raise SignInRequired


def _reviewers(connection: HTTPConnection) -> ReviewerStore | None:
    store = getattr(connection.app.state, "store", None)
    return ReviewerStore(store) if store is not None else None


def is_review_page(path: str) -> bool:
    return path == "/" or path.startswith("/review")


def is_local(connection: HTTPConnection) -> bool:
    """Whether peer and Host are both this machine."""
    peer = connection.client.host if connection.client else ""
    host = urlsplit("//" + connection.headers.get("host", "")).hostname or ""
    return access.is_loopback(peer) and access.is_loopback(host)


def check_origin(headers: Headers) -> None:
    """Raises NotPermitted for a request that another site's page sent."""
    origin = headers.get("origin")
    if origin is not None:
        if urlsplit(origin).netloc.lower() == headers.get("host", "").lower():
            return
    elif headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
        return
    message = "The request comes from another site's page."
    raise NotPermitted(message)


def bearer(headers: Headers) -> str | None:
    """The API key of `Authorization: Bearer`; raises SignInFailed for another scheme."""
    given = headers.get("authorization")
    if given is None:
        return None
    scheme, _, key = given.partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise SignInFailed
    return key.strip()


def cookie_name(url: URL) -> str:
    """`__Host-` keeps other names of the site out; it needs https."""
    return "__Host-songngu" if url.scheme == "https" else "songngu"
