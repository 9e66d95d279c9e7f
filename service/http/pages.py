"""The interface description, from our own files; the review pages are in `service.http.review`."""

from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def documentation() -> HTMLResponse:
    """Swagger from our own files; FastAPI's default loads them from elsewhere."""
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Songngu: HTTP interface",
        swagger_js_url="/static/vendor/swagger-ui-bundle.js",
        swagger_css_url="/static/vendor/swagger-ui.css",
        swagger_favicon_url="data:,",
    )
