"""What stands in front of every route: the size and the time of a request's body, and headers.

The framework's own body limit answers in plain text and waits for ever for a body that never ends
(measured for uvicorn and granian), so both live here.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import BodyTooLarge, BodyTooSlow
from service.http.problems import problem

SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
Handler = Callable[[Scope, Receive, Send], Awaitable[None]]


class BodyLimits:
    """ASGI middleware: reads the whole body within `seconds` and `max_bytes`, or refuses it.

    Bodies for a method and path in `streamed` are passed on as they come, up to the bytes given
    there, with at most `seconds` between two parts; where they go too far, reading them raises
    BodyTooLarge or BodyTooSlow in the route.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        max_bytes: int,
        seconds: float,
        streamed: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.seconds = seconds
        self.streamed = streamed or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        send = _with_headers(send)
        headers = dict(scope["headers"])
        if headers.get(b"content-encoding", b"identity") != b"identity":
            detail = "Compressed bodies are not taken. Send the body as it is."
            await self._refuse(scope, receive, send, 415, "unsupported-encoding", detail)
            return
        declared = headers.get(b"content-length", b"0")
        upload = self.streamed.get((scope["method"], scope["path"]))
        limit = self.max_bytes if upload is None else upload
        if declared.isdigit() and int(declared) > limit:
            await self._too_large(scope, receive, send, limit)
            return
        if upload is not None:
            await self.app(scope, self._counted(receive, upload), send)
            return
        try:
            async with asyncio.timeout(self.seconds):
                body = await self._read(receive)
        except TimeoutError:
            detail = f"The body must arrive within {self.seconds:g} s."
            await self._refuse(scope, receive, send, 408, "body-too-slow", detail)
            return
        if body is None:
            await self._too_large(scope, receive, send, self.max_bytes)
            return
        await self.app(scope, _replay(body, receive), send)

    async def _read(self, receive: Receive) -> bytes | None:
        """The body, or None where it is larger than the limit."""
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return b"".join(chunks)
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > self.max_bytes:
                return None
            chunks.append(chunk)
            if not message.get("more_body", False):
                return b"".join(chunks)

    def _counted(self, receive: Receive, limit: int) -> Receive:
        size = 0
        complete = False

        async def counted() -> Message:
            nonlocal size, complete
            if complete:
                return await receive()  # word that the client has gone: there is no hurry
            try:
                async with asyncio.timeout(self.seconds):
                    message = await receive()
            except TimeoutError:
                detail = f"The body stood still for {self.seconds:g} s."
                raise BodyTooSlow(detail) from None
            size += len(message.get("body", b""))
            if size > limit:
                raise BodyTooLarge(_most(limit))
            complete = not message.get("more_body", False)
            return message

        return counted

    async def _too_large(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        detail = _most(limit)
        await self._refuse(scope, receive, send, 413, "body-too-large", detail)

    async def _refuse(
        self, scope: Scope, receive: Receive, send: Send, status: int, slug: str, detail: str
    ) -> None:
        title = slug.replace("-", " ").capitalize()
        response = problem(slug=slug, title=title, status=status, detail=detail)
        await response(scope, receive, send)


def _most(limit: int) -> str:
    return f"The body must have at most {limit:,} bytes."


def _replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body once and then waits for the client to go away."""
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *SECURITY_HEADERS]}
        await send(message)

    return sending
