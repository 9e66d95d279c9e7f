"""`songngu serve`: the HTTP interface."""

from typing import Annotated

import typer

from service.cli.common import fail, notes, one_line_errors
from service.settings import Settings

EXAMPLES = "Example:  songngu serve --port 8080"


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
) -> None:
    """Serve the HTTP interface and the page."""
    # Imported here: `songngu article` starts half a second sooner without the server.
    from service.http.app import create_app
    from service.http.server import run

    with one_line_errors():
        application = create_app(Settings.from_environment())
    notes.print(f"Songngu: http://{host}:{port} (interface description: /docs)", highlight=False)
    if not run(application, host, port):
        fail(f"could not start on {host}:{port}; see the message above", code=1)
