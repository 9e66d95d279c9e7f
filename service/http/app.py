"""The application: a factory, its lifespan, its routers."""

import asyncio
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles

from service import web
from service.bootstrap import build_extractor, build_pipeline, with_memory
from service.http import (
    articles,
    digests,
    glossaries,
    jobs,
    memory,
    operations,
    pages,
    problems,
    review,
)
from service.http.access import Access
from service.http.admission import Admission
from service.http.background import background
from service.http.job_results import PageCache
from service.http.job_uploads import Limits
from service.http.limits import BodyLimits
from service.http.queries import only_known
from service.review.attempts import Attempts
from service.settings import Settings
from service.store.engine import open_store


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application; models load when it starts, and a failure to load stops the start."""
    chosen = settings or Settings.from_environment()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        extractor = build_extractor(chosen)
        app.state.threads = ThreadPoolExecutor(chosen.max_concurrent_articles, "article")
        try:
            app.state.pipeline = await asyncio.to_thread(build_pipeline, chosen, extractor)
            app.state.admission = Admission(
                chosen.max_concurrent_articles, chosen.max_waiting_articles
            )
            app.state.store = await asyncio.to_thread(open_store, chosen.store_url)
            app.state.pipeline = with_memory(app.state.pipeline, app.state.store, chosen)
            with background(
                chosen,
                app.state.store,
                app.state.pipeline,
                app.state.work_arrived,
                lambda: app.state.stopping_since is not None,
            ):
                yield
        finally:
            if app.state.pipeline is not None:
                await asyncio.to_thread(app.state.pipeline.close)
            app.state.pipeline = None
            if app.state.store is not None:
                app.state.store.close()
            app.state.threads.shutdown(wait=False, cancel_futures=True)
            extractor.close()

    app = FastAPI(
        title="Songngu",
        version=version("songngu"),
        summary="Clean, checked Vietnamese-English translations and short summaries.",
        lifespan=lifespan,
        docs_url=None,  # `pages` serves it from our own files
        redoc_url=None,
        responses=problems.described({422: "A parameter or the body's shape is wrong"}),
    )
    app.state.pipeline = None
    app.state.stopping_since = None
    app.state.article_timeout_s = chosen.article_timeout_s
    app.state.store = None
    app.state.sign_in_attempts = Attempts()
    app.state.work_arrived = threading.Event()
    app.state.job_limits = Limits(chosen.max_body_bytes, chosen.max_queued_items)
    app.state.result_pages = PageCache()
    app.add_middleware(Access)
    app.add_middleware(
        BodyLimits,
        max_bytes=chosen.max_body_bytes,
        seconds=chosen.body_timeout_s,
        streamed={("POST", "/v1/jobs"): chosen.max_upload_bytes},
    )
    problems.install(app)
    for api in (articles, digests, glossaries, jobs, memory):
        app.include_router(api.router, dependencies=[Depends(only_known)])
    for router in (*review.ROUTERS, operations.router, pages.router):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=web.FOLDER / "static"), name="static")
    return app
