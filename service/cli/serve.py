"""`songngu serve`: the HTTP interface."""

from dataclasses import replace
from typing import Annotated

import typer

from service.cli.common import fail, notes, one_line_errors
from service.review.access import add_reviewer, is_loopback
from service.settings import Settings
from service.store.engine import open_store
from service.store.review_values import Role
from service.store.reviewers import ReviewerStore

NO_CREDENTIALS = (
    "other machines could use it without a password. Add a reviewer first "
    "(songngu reviewer add NAME --role admin, or SONGNGU_ADMIN_PASSWORD), or listen on 127.0.0.1"
)
FIRST_ADMIN = "admin"
EXAMPLES = "Example:  songngu serve --port 8080"


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    cluster: Annotated[
        str, typer.Option(help="Decode on this Ray cluster: auto, host:port, or local.")
    ] = "",
) -> None:
    """Serve the HTTP interface and the page."""
    # Imported here: `songngu article` starts half a second sooner without the server.
    from service.http.app import create_app
    from service.http.server import run

    with one_line_errors():
        settings = Settings.from_environment()
        if cluster:
            settings = replace(settings, cluster=cluster)
        if not is_loopback(host) and not _has_reviewers(settings):
            fail(NO_CREDENTIALS)
        application = create_app(settings)
    notes.print(f"Songngu: http://{host}:{port} (interface description: /docs)", highlight=False)
    if not run(application, host, port):
        fail(f"could not start on {host}:{port}; see the message above", code=1)


def _has_reviewers(settings: Settings) -> bool:
    """Whether anybody can sign in; the settings may name the first one's password."""
    store = open_store(settings.store_url)
    try:
        reviewers = ReviewerStore(store)
        if settings.admin_password and not reviewers.exist():
            add_reviewer(reviewers, FIRST_ADMIN, Role.ADMIN, settings.admin_password)
        return reviewers.exist()
    finally:
        store.close()
