"""Sign-in and sign-out, the reviewers' accounts, the language of the pages."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from service.errors import ReviewerNotAccepted, ReviewNotAccepted, SignInDelayed, SignInFailed
from service.http.access import cookie_name
from service.http.problems import retry_after, seconds_to_wait, status_of
from service.http.review.context import (
    LANGUAGES,
    AnyCaller,
    Caller,
    Form,
    PageRoute,
    Reviewers,
    explain,
    render,
    set_session,
)
from service.review import access
from service.review.attempts import Attempts
from service.store.review_values import Role

LANGUAGE_S = 365 * 86_400

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/sign-in")
def sign_in_page(request: Request, caller: AnyCaller) -> Response:
    return render(request, caller, "sign_in.html", name="", problem=None)


@router.post("/sign-in")
def sign_in(request: Request, caller: AnyCaller, reviewers: Reviewers, form: Form) -> Response:
    name = form.get("name")
    attempts: Attempts = request.app.state.sign_in_attempts
    address = request.client.host if request.client else ""
    try:
        _, token = access.sign_in(reviewers, name, form.get("password"), attempts, address)
    except (SignInFailed, SignInDelayed) as error:
        problem = explain(error, caller.language)
        status = status_of(error)
        page = render(request, caller, "sign_in.html", status, name=name[:80], problem=problem)
        page.headers.update(retry_after(status, seconds_to_wait(error)))
        return page
    response = RedirectResponse("/review", status_code=303)
    set_session(request, response, token)
    return response


@router.post("/sign-out")
def sign_out(request: Request, caller: AnyCaller, reviewers: Reviewers, form: Form) -> Response:
    del form
    reviewers.close_session(access.digest(caller.cookie))
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(cookie_name(request.url), path="/")
    return response


@router.get("/ui/{language}")
def choose_language(request: Request, language: str) -> Response:
    """Remember the language and go back to the page."""
    back = request.query_params.get("back", "/")
    # Only a path of our own: not `//elsewhere`, not `/\\elsewhere`, no line ends.
    if not back.startswith("/") or back.startswith(("//", "/\\")) or not back.isprintable():
        back = "/"
    response = RedirectResponse(back, status_code=303)
    if language in LANGUAGES:
        response.set_cookie(
            "ui",
            language,
            max_age=LANGUAGE_S,
            samesite="lax",
            httponly=True,
            secure=request.url.scheme == "https",
        )
    return response


@router.get("/review/reviewers")
def reviewers_page(request: Request, caller: AnyCaller, reviewers: Reviewers) -> Response:
    caller.must_be(Role.ADMIN)
    return _reviewers_page(request, caller, reviewers)


def _reviewers_page(
    request: Request,
    caller: Caller,
    reviewers: Reviewers,
    *,
    status: int = 200,
    problem: tuple[str, str] | None = None,
    key: str = "",
) -> Response:
    everyone = reviewers.all()
    return render(
        request,
        caller,
        "reviewers.html",
        status,
        everyone=[(one, reviewers.keys(one.id)) for one in everyone],
        roles=[role.value for role in Role],
        problem=problem,
        key=key,
    )


@router.post("/review/reviewers")
def change_reviewers(
    request: Request, caller: AnyCaller, reviewers: Reviewers, form: Form
) -> Response:
    """Add an account, make an API key, or end an account, as `action` says."""
    caller.must_be(Role.ADMIN)
    match form.get("action"):
        case "add":
            return _add(request, caller, reviewers, form)
        case "key":
            made = access.make_key(reviewers, form.get("reviewer"))
            return _reviewers_page(request, caller, reviewers, key=made.key)
        case "disable":
            if form.get("reviewer") == caller.reviewer.id:
                message = "You cannot end your own account."
                raise ReviewNotAccepted(message)
            reviewers.disable(form.get("reviewer"))
            return RedirectResponse("/review/reviewers", status_code=303)
        case _:
            message = "`action` must be add, key or disable."
            raise ReviewNotAccepted(message)


def _add(request: Request, caller: Caller, reviewers: Reviewers, form: Form) -> Response:
    roles = [role.value for role in Role]
    role = form.get("role")
    try:
        access.add_reviewer(
            reviewers,
            form.get("name"),
            Role(role) if role in roles else Role.REVIEWER,
            form.get("password") or None,
        )
    except ReviewerNotAccepted as error:
        problem = explain(error, caller.language)
        return _reviewers_page(request, caller, reviewers, status=422, problem=problem)
    return RedirectResponse("/review/reviewers", status_code=303)
