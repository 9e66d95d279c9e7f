"""The Paste page: an article in, its review page back; works without a script."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from service.errors import ArticleError, EngineError, ReviewNotAccepted, SongnguError
from service.http.problems import status_of
from service.http.review.context import (
    AnyCaller,
    Caller,
    Fields,
    Form,
    PageRoute,
    Reviews,
    explain,
    render,
)
from service.http.review.translating import (
    known_models,
    new_item,
    request_of,
    translate,
)

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/")
async def paste_page(request: Request, caller: AnyCaller) -> Response:
    return _page(request, caller, Fields({}))


@router.post("/review/articles")
async def paste(request: Request, caller: AnyCaller, form: Form, reviews: Reviews) -> Response:
    try:
        article = request_of(form)
        result = await translate(request, article)
    except (ArticleError, EngineError, ReviewNotAccepted) as error:
        return _page(request, caller, form, error)
    made = reviews.add(new_item(article, result, caller.reviewer.id))
    return RedirectResponse(f"/review/articles/{made}", status_code=303)


def _page(
    request: Request, caller: Caller, form: Fields, error: SongnguError | None = None
) -> Response:
    """The form, with what was sent still in it where it could not be used."""
    return render(
        request,
        caller,
        "paste.html",
        status_of(error) if error else 200,
        form=form,
        models=known_models(request),
        problem=explain(error, caller.language) if error else None,
    )
