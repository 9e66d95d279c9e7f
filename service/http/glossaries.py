"""`/v1/glossaries`: a user's terms, stored under a name, each change a new version."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError
from starlette.concurrency import run_in_threadpool

from service.article import Language
from service.errors import ArticleNotText
from service.http.access import editors_only
from service.http.job_results import matches
from service.http.problems import described
from service.http.schemas import MAX_NAME_CHARS, Body, TermIn, UnicodeText, terms_of
from service.store.glossaries import ID_PATTERN, GlossaryStore, StoredGlossary
from service.terms import MAX_TERMS, TermList, read_terms

TSV = "text/tab-separated-values"
TABLES = (TSV, "text/csv", "text/plain")

router = APIRouter(prefix="/v1/glossaries", tags=["glossaries"])
GlossaryId = Annotated[str, Path(pattern=ID_PATTERN, examples=["health"])]
_PROBLEMS = described(
    {404: "No such glossary or version", 503: "The store is busy or cannot be reached"}
)
_WRITING = described(
    {
        408: "The body came too slowly",
        412: "The glossary is not at the version of If-Match, or exists already",
        413: "The body is too long",
        422: "A line is not a term and its translation; the message names it",
        503: "The store is busy or cannot be reached",
        507: "The disk is full",
    }
)


class GlossaryBody(Body):
    """A glossary as JSON."""

    name: UnicodeText = Field(default="", max_length=MAX_NAME_CHARS)
    source_language: Literal["vi", "en"]
    terms: list[TermIn] = Field(min_length=1, max_length=MAX_TERMS)


class GlossaryBrief(BaseModel):
    """A glossary in a list."""

    id: str
    version: int
    name: str
    source_language: Language
    terms: int = Field(description="how many")
    sha256: str
    created_at: datetime


class TermOut(BaseModel):
    source: str = Field(description="forms are divided by semicolons")
    target: str = Field(description="the preferred form first")


class GlossaryOut(BaseModel):
    """One version of a glossary."""

    id: str
    version: int
    name: str
    source_language: Language
    terms: list[TermOut]
    sha256: str
    created_at: datetime


class GlossaryList(BaseModel):
    glossaries: list[GlossaryBrief]


class VersionList(BaseModel):
    versions: list[GlossaryBrief] = Field(description="newest first")


_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": GlossaryBody.model_json_schema(
                    ref_template="#/paths/~1v1~1glossaries~1{{glossary_id}}/put/requestBody/content/"
                    "application~1json/schema/$defs/{model}"
                ),
                "example": {
                    "source_language": "vi",
                    "terms": [{"source": "sở y tế", "target": "Department of Health"}],
                },
            },
            TSV: {"schema": {"type": "string"}, "example": "vi\ten\nsở y tế\tDepartment of Health"},
            "text/csv": {"schema": {"type": "string"}},
        },
    }
}


@router.put(
    "/{glossary_id}",
    dependencies=[Depends(editors_only)],
    responses={**_WRITING, 201: {"model": GlossaryBrief, "description": "A new glossary"}},
    openapi_extra=_BODY,
)
async def put_glossary(
    glossary_id: GlossaryId,
    request: Request,
    response: Response,
    source_language: Annotated[
        Literal["vi", "en"] | None, Query(description="for TSV and CSV without such a header")
    ] = None,
    name: Annotated[str, Query(max_length=MAX_NAME_CHARS, description="for TSV and CSV")] = "",
    if_match: Annotated[str | None, Header()] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> GlossaryBrief:
    """Store a glossary as its next version: JSON, or TSV or CSV of source and target.

    What is the same as the newest version makes no new one. `If-Match` guards against writing over
    another's change, `If-None-Match: *` against writing over a glossary of the same id.
    """
    raw = await request.body()
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip()
    if kind.lower() in TABLES:
        terms = read_terms(_text(raw), Language(source_language) if source_language else None)
    else:
        name, terms = _from_json(raw)
    store = _store(request)
    stored = await run_in_threadpool(
        lambda: store.put(
            glossary_id,
            terms,
            name=name,
            expected=None if if_match in (None, "*") else if_match,
            new=if_none_match == "*",
        )
    )
    response.headers["ETag"] = stored.etag
    if stored.version == 1:
        response.status_code = 201
    response.headers["Location"] = f"/v1/glossaries/{stored.id}?version={stored.version}"
    return brief(stored)


@router.get("", responses=described({503: "The store cannot be reached"}))
def list_glossaries(request: Request) -> GlossaryList:
    """The newest version of every glossary, by id."""
    return GlossaryList(glossaries=[brief(one) for one in _store(request).latest()])


@router.get(
    "/{glossary_id}",
    response_model=GlossaryOut,
    responses={
        **_PROBLEMS,
        200: {"content": {TSV: {"schema": {"type": "string"}}}},
        304: {"description": "It is at the version of If-None-Match"},
    },
)
def get_glossary(
    glossary_id: GlossaryId,
    request: Request,
    version: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    accept: Annotated[str, Header()] = "*/*",
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """The newest version, or one of the others; as TSV where `Accept` asks for that."""
    stored = _store(request).get(glossary_id, version)
    headers = {"ETag": stored.etag, "Vary": "Accept"}
    if matches(if_none_match, stored.etag):
        return Response(status_code=304, headers=headers)
    if any(kind in accept for kind in (TSV, "text/csv", "text/plain")):
        return Response(stored.terms.to_tsv(), media_type=TSV, headers=headers)
    body = shown(stored).model_dump_json()
    return Response(body, media_type="application/json", headers=headers)


@router.get("/{glossary_id}/versions", responses=_PROBLEMS)
def list_versions(glossary_id: GlossaryId, request: Request) -> VersionList:
    """All versions, newest first."""
    return VersionList(versions=[brief(one) for one in _store(request).versions(glossary_id)])


@router.delete(
    "/{glossary_id}",
    status_code=204,
    dependencies=[Depends(editors_only)],
    responses={**_PROBLEMS, **described({412: "It is not at the version of If-Match"})},
)
def delete_glossary(
    glossary_id: GlossaryId,
    request: Request,
    if_match: Annotated[str | None, Header()] = None,
) -> None:
    """Remove a glossary with all its versions."""
    _store(request).delete(glossary_id, None if if_match == "*" else if_match)


def brief(stored: StoredGlossary) -> GlossaryBrief:
    """A glossary for a list."""
    return GlossaryBrief(**_common(stored), terms=len(stored.terms.rows))


def shown(stored: StoredGlossary) -> GlossaryOut:
    """A glossary with its terms."""
    rows = [
        TermOut(source="; ".join(row.source), target="; ".join(row.target))
        for row in stored.terms.rows
    ]
    return GlossaryOut(**_common(stored), terms=rows)


def _common(stored: StoredGlossary) -> dict[str, Any]:
    return {
        "id": stored.id,
        "version": stored.version,
        "name": stored.name,
        "source_language": stored.terms.source_language,
        "sha256": stored.sha256,
        "created_at": datetime.fromtimestamp(stored.created_at, UTC),
    }


def _from_json(raw: bytes) -> tuple[str, TermList]:
    try:
        body = GlossaryBody.model_validate_json(raw)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error
    return body.name, terms_of(body.terms, Language(body.source_language))


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = "The glossary is not UTF-8 text. Save it as “CSV UTF-8” or “Unicode text”."
        raise ArticleNotText(message) from error


def _store(request: Request) -> GlossaryStore:
    return GlossaryStore(request.app.state.store)
