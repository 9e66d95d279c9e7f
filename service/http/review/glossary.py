"""The Glossary page: terms from corrections, import and export."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from service.article import Language
from service.errors import ArticleError, ArticleNotText, ReviewNotAccepted
from service.http.problems import status_of
from service.http.review.context import (
    AnyCaller,
    Caller,
    Form,
    PageRoute,
    explain,
    render,
    store_of,
)
from service.review.terms import add_terms, remove_term, reviewers_glossary
from service.store.glossaries import GlossaryStore
from service.store.review_values import Role
from service.terms import read_terms

router = APIRouter(include_in_schema=False, route_class=PageRoute, prefix="/review/glossary")


@router.get("")
def glossary_page(request: Request, caller: AnyCaller) -> Response:
    return _page(request, caller)


def _page(request: Request, caller: Caller, error: ArticleError | None = None) -> Response:
    query = request.query_params
    return render(
        request,
        caller,
        "glossary.html",
        status_of(error) if error else 200,
        glossaries=GlossaryStore(store_of(request)).latest(),
        own=[reviewers_glossary(language) for language in Language],
        source=query.get("source", "")[:200],
        target=query.get("target", "")[:200],
        language=query.get("language", "vi"),
        may_change=caller.reviewer.role.covers(Role.EDITOR),
        problem=explain(error, caller.language) if error else None,
    )


@router.post("")
def change(request: Request, caller: AnyCaller, form: Form) -> Response:
    """Add terms, take one out, or read a file, as `action` says."""
    caller.must_be(Role.EDITOR)
    glossaries = GlossaryStore(store_of(request))
    language = _language(form.get("language"))
    pairs = list(zip(form.all("source"), form.all("target"), strict=False))
    try:
        match form.get("action", "add"):
            case "add":
                wanted = [(one, other) for one, other in pairs if one.strip() and other.strip()]
                if wanted:
                    add_terms(glossaries, language, wanted)
            case "remove":
                remove_term(glossaries, language, form.get("source"))
            case "import":
                listed = read_terms(_decoded(form.file), language)
                rows = [("; ".join(row.source), "; ".join(row.target)) for row in listed.rows]
                add_terms(glossaries, listed.source_language or language, rows)
            case _:
                message = "`action` must be add, remove or import."
                raise ReviewNotAccepted(message)
    except ArticleError as error:
        return _page(request, caller, error)
    return RedirectResponse("/review/glossary", status_code=303)


@router.get("/{glossary_id}.tsv")
def export(request: Request, glossary_id: str) -> Response:
    """The newest version as a table that can be read back."""
    found = GlossaryStore(store_of(request)).get(glossary_id)
    headers = {"Content-Disposition": f'attachment; filename="{found.id}.tsv"'}
    return Response(found.terms.to_tsv(), media_type="text/tab-separated-values", headers=headers)


def _language(code: str) -> Language:
    if code not in ("vi", "en"):
        message = "`language` must be vi or en."
        raise ReviewNotAccepted(message)
    return Language(code)


def _decoded(file: bytes | None) -> str:
    try:
        return (file or b"").decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = "The file is not UTF-8 text. Convert it first, for example with iconv."
        raise ArticleNotText(message) from error
