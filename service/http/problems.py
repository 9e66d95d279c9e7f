"""Errors as `application/problem+json` (RFC 9457), in one place."""

import json
import logging
import math
import uuid
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from service.errors import (
    ArticleError,
    ArticleTooLong,
    BodyTooLarge,
    BodyTooSlow,
    EditConflict,
    EngineBusy,
    EngineError,
    GlossaryConflict,
    GlossaryNotFound,
    JobError,
    JobNotFound,
    KeyInUse,
    NotPermitted,
    ReviewError,
    ReviewItemNotFound,
    SignInDelayed,
    SignInFailed,
    SignInRequired,
    SongnguError,
    StoreFull,
    StoreUnavailable,
    TookTooLong,
    VoteStored,
)
from service.http.schemas import Problem

# Names, not addresses: `.invalid` never resolves (RFC 2606). docs/errors.md describes each.
TYPE_BASE = "https://songngu.invalid/problems/"
RETRY_AFTER_S = 5
TRY_AGAIN = frozenset(
    {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS}
)

STATUS: Mapping[type[SongnguError], int] = {
    ArticleTooLong: 413,
    ArticleError: 422,
    EngineBusy: 503,
    TookTooLong: 504,
    EngineError: 503,
    BodyTooLarge: 413,
    BodyTooSlow: 408,
    StoreUnavailable: 503,
    StoreFull: 507,
    JobNotFound: 404,
    GlossaryNotFound: 404,
    GlossaryConflict: 412,
    KeyInUse: 409,
    ReviewItemNotFound: 404,
    EditConflict: 409,
    VoteStored: 409,
    SignInRequired: 401,
    SignInFailed: 401,
    SignInDelayed: 429,
    NotPermitted: 403,
    ReviewError: 422,
    JobError: 422,
}

_log = logging.getLogger("songngu")

Responses = dict[int | str, dict[str, Any]]


def described(texts: Mapping[int, str]) -> Responses:
    """What a route may answer besides success, for its OpenAPI description."""
    return {
        status: {"model": Problem, "content": {"application/problem+json": {}}, "description": text}
        for status, text in texts.items()
    }


ARTICLE_PROBLEMS = described(
    {
        404: "The stored glossary that is named is not there",
        408: "The body came too slowly",
        413: "The body or the article is too long",
        422: "The article or the body's shape cannot be used",
        503: "Busy or starting, or the model cannot be used; see Retry-After",
        504: "The article was not done in time",
    }
)


def status_of(error: SongnguError) -> int:
    """Status of the nearest listed ancestor.

    >>> status_of(ArticleTooLong(9, 5))
    413
    """
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def problem(
    *,
    slug: str,
    title: str,
    status: int,
    detail: str,
    errors: Sequence[Mapping[str, str]] | None = None,
    retry_after_s: float = RETRY_AFTER_S,
) -> Response:
    """A problem response; never holds any of the article's text."""
    body: dict[str, Any] = {
        "type": TYPE_BASE + slug,
        "title": title,
        "status": status,
        "detail": detail,
        "request_id": uuid.uuid4().hex[:12],
    }
    if errors is not None:
        body["errors"] = list(errors)
    return Response(
        json.dumps(body, ensure_ascii=False),
        status_code=status,
        media_type="application/problem+json",
        headers=retry_after(status, retry_after_s),
    )


def retry_after(status: int, seconds: float) -> dict[str, str]:
    """The header that says when to try again, for what passes by itself.

    >>> retry_after(429, 3.2), retry_after(404, 3.2)
    ({'Retry-After': '4'}, {})
    """
    return {"Retry-After": str(math.ceil(seconds))} if status in TRY_AGAIN else {}


def seconds_to_wait(error: SongnguError) -> float:
    return error.retry_after_s if isinstance(error, EngineBusy | SignInDelayed) else RETRY_AFTER_S


def problem_of(error: SongnguError) -> Response:
    """The problem response of one of our own errors."""
    return problem(
        slug=error.slug,
        title=error.title,
        status=status_of(error),
        detail=str(error),
        retry_after_s=seconds_to_wait(error),
    )


def _field(location: Sequence[str | int]) -> str:
    names = [str(part) for part in location if part != "body" and not _is_offset(part)]
    return ".".join(names) or "body"


def _is_offset(part: str | int) -> bool:
    return isinstance(part, int)


def install(app: FastAPI) -> None:
    """Make every failure of `app` a problem."""

    @app.exception_handler(SongnguError)
    async def ours(_request: Request, error: SongnguError) -> Response:
        return problem_of(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> Response:
        # `input` and `ctx` are left out: they echo the body, which may be hostile or NaN.
        errors = [
            {"field": _field(item["loc"]), "message": _message(item)}
            for item in error.errors()[:20]
        ]
        return _invalid(errors)

    @app.exception_handler(HTTPException)
    async def plain(_request: Request, error: HTTPException) -> Response:
        if error.status_code == HTTPStatus.BAD_REQUEST:  # a body that the JSON reader gave up on
            return _invalid([{"field": "body", "message": NOT_JSON}])
        phrase = HTTPStatus(error.status_code).phrase
        return problem(
            slug=phrase.lower().replace(" ", "-"),
            title=phrase,
            status=error.status_code,
            detail=f"{phrase}. See /docs for the routes.",
        )

    @app.exception_handler(Exception)
    async def unexpected(_request: Request, error: Exception) -> Response:
        _log.error("unexpected error: %s", type(error).__name__, exc_info=error)
        return problem(
            slug="internal",
            title="Something went wrong",
            status=500,
            detail="This is our fault. Please report it with the request id.",
        )


NOT_JSON = "the body is not valid JSON in UTF-8"


def _invalid(errors: Sequence[Mapping[str, str]]) -> Response:
    return problem(
        slug="invalid-request",
        title="The request body is not valid",
        status=422,
        detail="See `errors` for the fields at fault and /docs for the expected shape.",
        errors=errors,
    )


def _message(item: Mapping[str, Any]) -> str:
    if item["type"] == "json_invalid":
        return NOT_JSON
    if item["type"] in ("model_type", "model_attributes_type", "dict_type"):
        return "must be a JSON object"
    return str(item["msg"]).removeprefix("Value error, ")
