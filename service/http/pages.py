"""The pages people look at: the paste form and the interface description."""

from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

from service.web import FOLDER

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PASTE_PAGE = (FOLDER / "page.html").read_text("utf-8")

router = APIRouter(include_in_schema=False)


@router.get("/")
async def paste_page() -> HTMLResponse:
    return HTMLResponse(_PASTE_PAGE, headers={"Content-Security-Policy": PAGE_POLICY})


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
