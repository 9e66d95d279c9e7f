"""What every review page needs: who asks, in which language, the form's fields, a page back."""

import secrets
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from fastapi.routing import APIRoute
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from service.errors import NotPermitted, ReviewNotAccepted, SongnguError
from service.http.access import cookie_name
from service.http.problems import status_of
from service.review import access
from service.store.engine import Store
from service.store.review_values import Reviewer, Role
from service.store.reviewers import ReviewerStore
from service.store.reviews import ReviewStore
from service.web import FOLDER

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
MAX_FIELD_BYTES = 4_194_304
MAX_FIELDS = 60
TOKEN = "form_token"  # noqa: S105 - the name of a field


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and in which language the page is to be."""

    reviewer: Reviewer
    language: str
    cookie: str  # "" for a caller with an API key
    is_new: bool  # whether the cookie has to be set

    def must_be(self, role: Role) -> None:
        """Raises NotPermitted for a lesser role."""
        access.check_role(self.reviewer, role)


def caller_of(request: Request) -> Caller:
    reviewer = getattr(request.state, "reviewer", None) or Reviewer("", "", Role.REVIEWER)
    language = ui_language(request)
    if getattr(request.state, "by_key", False):
        return Caller(reviewer, language, "", is_new=False)
    cookie = request.cookies.get(cookie_name(request.url), "")
    return Caller(reviewer, language, cookie or secrets.token_urlsafe(32), is_new=not cookie)


def ui_language(request: Request) -> str:
    """The language that was chosen, or else the first of the browser's that there is."""
    chosen = request.cookies.get("ui", "")
    if chosen in LANGUAGES:
        return chosen
    wanted = request.headers.get("accept-language", "")[:200].lower()
    codes = (part.split(";")[0].strip()[:2] for part in wanted.split(","))
    return next((code for code in codes if code in LANGUAGES), "en")


AnyCaller = Annotated[Caller, Depends(caller_of)]


@dataclass(frozen=True, slots=True)
class Fields:
    """A form's fields, all of them text; those that may come several times are read with `all`."""

    values: Mapping[str, tuple[str, ...]]
    file: bytes | None = None

    def get(self, name: str, default: str = "") -> str:
        return self.values.get(name, (default,))[0]

    def all(self, name: str) -> tuple[str, ...]:
        return self.values.get(name, ())

    def number(self, name: str, low: int, high: int) -> int:
        """Raises ReviewNotAccepted for what is no number within the bounds."""
        text = self.get(name).strip()
        if not (text.isascii() and text.isdigit() and low <= int(text[:9]) <= high):
            message = f"`{name}` must be a number from {low} to {high}."
            raise ReviewNotAccepted(message)
        return int(text)


async def fields_of(request: Request, caller: AnyCaller) -> Fields:
    """The form; raises NotPermitted where it is not one of our own."""
    values: dict[str, tuple[str, ...]] = {}
    file = None
    async with request.form(
        max_files=1, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES
    ) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                file = await value.read() or None
            else:
                values[name] = (*values.get(name, ()), value)
    given = request.headers.get("x-form-token") or values.get(TOKEN, ("",))[0]
    by_key = getattr(request.state, "by_key", False)
    if not by_key and (caller.is_new or not access.is_form_token(caller.cookie, given)):
        message = "The form is too old or not one of ours. Reload the page and send it again."
        raise NotPermitted(message)
    return Fields(values, file)


Form = Annotated[Fields, Depends(fields_of)]


def store_of(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


def reviews_of(request: Request) -> ReviewStore:
    return ReviewStore(store_of(request))


def reviewers_of(request: Request) -> ReviewerStore:
    return ReviewerStore(store_of(request))


Reviews = Annotated[ReviewStore, Depends(reviews_of)]
Reviewers = Annotated[ReviewerStore, Depends(reviewers_of)]


@cache
def translations(language: str) -> NullTranslations:
    if language == "en":
        return NullTranslations()
    with (FOLDER / "locale" / f"{language}.mo").open("rb") as catalogue:
        return GNUTranslations(catalogue)


@cache
def environment(language: str) -> Environment:
    made = Environment(
        loader=PackageLoader("service", "web/templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    made.globals["when"] = _when
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    return made


def _when(seconds: float) -> str:
    """A moment on this machine's clock, as Vietnam writes it."""
    return datetime.fromtimestamp(seconds, tz=UTC).astimezone().strftime("%d/%m/%Y %H:%M")


def render(
    request: Request, caller: Caller, template: str, status: int = 200, **values: object
) -> HTMLResponse:
    """A page or fragment; all text is escaped."""
    text = (
        environment(caller.language)
        .get_template(f"review/{template}")
        .render(
            me=caller,
            languages=LANGUAGES,
            path=request.url.path,
            token=access.form_token(caller.cookie) if caller.cookie else "",
            is_local=caller.reviewer == access.LOCAL,
            **values,
        )
    )
    response = HTMLResponse(text, status_code=status, headers={"Cache-Control": "no-store"})
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    if caller.is_new:
        set_session(request, response, caller.cookie)
    return response


def set_session(request: Request, response: Response, token: str) -> None:
    response.set_cookie(
        cookie_name(request.url),
        token,
        max_age=int(access.SESSION_S),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def wants_fragment(request: Request) -> bool:
    """Whether a script asks for a part of the page."""
    return request.headers.get("hx-request") == "true"


class PageRoute(APIRoute):
    """Errors as a page that says what to do, for those who read pages."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await handler(request)
            except (SongnguError, HTTPException, RequestValidationError) as error:
                if "text/html" not in request.headers.get("accept", ""):
                    raise
                return error_page(request, error)

        return handle


def error_page(request: Request, error: Exception) -> HTMLResponse:
    caller = caller_of(request)
    title, detail = explain(error, caller.language)
    if isinstance(error, SongnguError):
        status = status_of(error)
    else:
        status = error.status_code if isinstance(error, HTTPException) else 422
    template = "message_fragment.html" if wants_fragment(request) else "message.html"
    return render(request, caller, template, status, title=title, detail=detail)


def explain(error: Exception, language: str) -> tuple[str, str]:
    """Title and detail in the reader's language; what has no translation is said in English."""
    _ = translations(language).gettext
    if not isinstance(error, SongnguError):
        return _("This page cannot be shown"), _("Check the address, or go back to the queue.")
    hints = {
        "article-empty": _("Send at least one sentence."),
        "article-too-long": _("Send it in parts, or as several articles."),
        "article-not-text": _("Send its text in UTF-8, or its HTML."),
        "no-article-found": _("Send the article's own page, or paste its text."),
        "language-not-supported": _("It must be in Vietnamese or English."),
        "same-language": _("Choose the other language to translate to."),
        "html-too-complex": _("Paste the text instead."),
        "engine-busy": _("Try again in a few seconds."),
        "sign-in-failed": _("The name, password or key is wrong."),
        "sign-in-delayed": _("Too many wrong passwords. Wait a few minutes, then try again."),
        "not-permitted": _("Your role does not cover it, or the form is too old: reload it."),
        "vote-stored": _("The names have been shown, so that the vote stays as it is."),
    }
    detail = str(error)
    if language != "en":
        detail = hints.get(error.slug, detail)
        if found := getattr(error, "detected", None):
            detail += f" ({found})"
    return _(error.title), detail
