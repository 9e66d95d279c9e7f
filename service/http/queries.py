"""What stands behind the `?` of an address."""

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute


async def only_known(request: Request) -> None:
    """Refuse names that the route does not know: a mistyped option would be ignored in silence.

    Raises RequestValidationError.
    """
    route: APIRoute = request.scope["route"]
    known = set(_names(route.dependant))
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        message = f"is not known; known are: {', '.join(sorted(known)) or 'none'}"
        raise RequestValidationError(
            [{"type": "extra_forbidden", "loc": _place(name), "msg": message} for name in unknown]
        )


def _names(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for other in dependant.dependencies:
        yield from _names(other)


def _place(name: str) -> tuple[str, ...]:
    """The name is told again only where it looks like one."""
    return ("query", name) if name.isidentifier() and len(name) < 40 else ("query",)
