"""The application: a factory, its lifespan, its routes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from service.bootstrap import build_extractor, build_pipeline
from service.http import problems
from service.http.abandonment import run_while_wanted
from service.http.admission import Admission
from service.http.limits import BodyLimits
from service.http.schemas import ArticleIn, Live, Problem, Ready
from service.pipeline import Pipeline
from service.result import Result
from service.settings import Settings

WEB = Path(__file__).parent.parent / "web"
_PROBLEMS: dict[int | str, dict[str, object]] = {
    status: {"model": Problem, "content": {"application/problem+json": {}}, "description": text}
    for status, text in {
        408: "The body came too slowly",
        413: "The body or the article is too long",
        422: "The article or the body's shape cannot be used",
        503: "Busy or starting; see Retry-After",
    }.items()
}


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application; models load when it starts, and a failure to load stops the start."""
    chosen = settings or Settings.from_environment()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        extractor = build_extractor(chosen)
        try:
            app.state.pipeline = await asyncio.to_thread(build_pipeline, chosen, extractor)
            app.state.admission = Admission(
                chosen.max_concurrent_articles, chosen.max_waiting_articles
            )
            yield
        finally:
            app.state.pipeline = None
            extractor.close()

    app = FastAPI(
        title="Songngu",
        version=version("songngu"),
        summary="Clean, checked Vietnamese-English translations and short summaries.",
        lifespan=lifespan,
        docs_url=None,  # served below from our own files; the default loads them from elsewhere
        redoc_url=None,
    )
    app.state.pipeline = None
    app.state.stopping_since = None
    app.add_middleware(BodyLimits, max_bytes=chosen.max_body_bytes, seconds=chosen.body_timeout_s)
    problems.install(app)
    _add_routes(app)
    return app


def _add_routes(app: FastAPI) -> None:
    @app.post("/v1/articles", responses=_PROBLEMS, tags=["articles"])
    async def translate_article(body: ArticleIn, request: Request) -> Result:
        """Clean, translate, check and summarise one article."""
        pipeline: Pipeline = request.app.state.pipeline
        async with request.app.state.admission.slot():
            return await run_while_wanted(pipeline, body.to_request(), request)

    @app.get("/livez", tags=["operations"])
    async def live() -> Live:
        """Whether the process answers."""
        return Live()

    @app.get("/readyz", tags=["operations"], responses={503: {"model": Ready}})
    async def ready(request: Request, response: Response) -> Ready:
        """Whether articles are taken."""
        state = request.app.state
        if state.stopping_since is not None or state.pipeline is None:
            response.status_code = 503
            return Ready(status="stopping" if state.stopping_since is not None else "starting")
        models = sorted({t.model_id for t in state.pipeline.translators.values()})
        return Ready(status="ready", model=", ".join(models))

    page = (WEB / "page.html").read_text("utf-8")

    @app.get("/", include_in_schema=False)
    async def paste_page() -> HTMLResponse:
        return HTMLResponse(page, headers={"Content-Security-Policy": PAGE_POLICY})

    @app.get("/docs", include_in_schema=False)
    async def documentation() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title="Songngu: HTTP interface",
            swagger_js_url="/static/vendor/swagger-ui-bundle.js",
            swagger_css_url="/static/vendor/swagger-ui.css",
            swagger_favicon_url="data:,",
        )

    app.mount("/static", StaticFiles(directory=WEB / "static"), name="static")


PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
