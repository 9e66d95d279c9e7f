"""`/v1/memory`: the segments that are used again: how many, out and in as TMX, and similar ones."""

import io
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from service.http.access import editors_only
from service.http.problems import described
from service.http.schemas import UnicodeText
from service.store.memory import PEOPLE, SegmentMemory
from service.tmx import read_tmx, write_tmx

TMX = "application/x-tmx+xml"
Origin = Literal["people", "model", "all"]
ORIGINS: dict[str, tuple[str, ...]] = {
    "people": PEOPLE,
    "model": ("model",),
    "all": (*PEOPLE, "model"),
}

router = APIRouter(prefix="/v1/memory", tags=["memory"])
_PROBLEMS = described({422: "A parameter is wrong", 503: "The store cannot be reached"})
_WRITING = described(
    {
        408: "The body came too slowly",
        413: "The body is too long",
        422: "The body is no TMX; the message names the line",
        503: "The store is busy or cannot be reached",
        507: "The disk is full",
    }
)


class MemoryOut(BaseModel):
    """What is remembered."""

    approved: int = Field(description="segments that reviewers approved")
    imported: int = Field(description="segments that came as TMX")
    model: int = Field(description="segments that a model translated and was sure of")
    hits: int = Field(description="how often they were used again")
    limit: int = Field(description="over it, what models made and is least used is forgotten")


class ImportOut(BaseModel):
    imported: int = Field(description="segments taken in, each direction counted")


class SuggestionOut(BaseModel):
    """What people made of a similar segment."""

    source: str
    target: str
    origin: Literal["approved", "import"]
    similarity: float = Field(description="0 to 1; 1 is equal but for case", examples=[0.93])


class SuggestionsOut(BaseModel):
    suggestions: list[SuggestionOut] = Field(description="the most similar first")


@router.get("", responses=_PROBLEMS)
async def memory_stats(request: Request) -> MemoryOut:
    """How many segments are remembered."""
    stats = await run_in_threadpool(_memory(request).stats)
    return MemoryOut(
        approved=stats.approved,
        imported=stats.imported,
        model=stats.model,
        hits=stats.hits,
        limit=stats.limit,
    )


@router.post(
    "",
    dependencies=[Depends(editors_only)],
    responses=_WRITING,
    openapi_extra={
        "requestBody": {"required": True, "content": {TMX: {"schema": {"type": "string"}}}}
    },
)
async def import_memory(request: Request) -> ImportOut:
    """Take a TMX file's Vietnamese-English segments in; they win over every model."""
    file = io.BytesIO(await request.body())
    memory = _memory(request)
    return ImportOut(imported=await run_in_threadpool(lambda: memory.put_many(read_tmx(file))))


@router.get(
    "/tmx",
    responses={**_PROBLEMS, 200: {"content": {TMX: {}}, "description": "TMX 1.4b"}},
    response_class=StreamingResponse,
)
async def export_memory(request: Request, origin: Origin = "people") -> StreamingResponse:
    """The remembered segments as TMX."""
    units = _memory(request).units(ORIGINS[origin])
    headers = {"Content-Disposition": 'attachment; filename="songngu.tmx"'}
    return StreamingResponse(write_tmx(units), media_type=TMX, headers=headers)


@router.get("/suggestions", responses=_PROBLEMS)
async def similar_segments(
    request: Request,
    text: Annotated[UnicodeText, Query(min_length=1, max_length=2000)],
    source_language: Literal["vi", "en"],
) -> SuggestionsOut:
    """What people made of segments like this one."""
    found = await run_in_threadpool(_memory(request).suggest, text, source_language)
    return SuggestionsOut(
        suggestions=[
            SuggestionOut(
                source=one.source,
                target=one.target,
                origin="approved" if one.origin == "approved" else "import",
                similarity=round(one.similarity, 3),
            )
            for one in found
        ]
    )


def _memory(request: Request) -> SegmentMemory:
    """The pipeline's own; without one, the store's, to be read and filled all the same."""
    memory = request.app.state.pipeline.memory
    if isinstance(memory, SegmentMemory):
        return memory
    return SegmentMemory(request.app.state.store, limit=0)
