"""For those who run the service: is it alive, does it take articles."""

from fastapi import APIRouter, Request, Response

from service.http.schemas import Live, Ready

router = APIRouter(tags=["operations"])


@router.get("/livez")
async def live() -> Live:
    """Whether the process answers."""
    return Live()


@router.get("/readyz", responses={503: {"model": Ready}})
async def ready(request: Request, response: Response) -> Ready:
    """Whether articles are taken."""
    state = request.app.state
    if state.stopping_since is not None or state.pipeline is None:
        response.status_code = 503
        return Ready(status="stopping" if state.stopping_since is not None else "starting")
    models = sorted({t.model_id for t in state.pipeline.translators.values()})
    return Ready(status="ready", model=", ".join(models))
