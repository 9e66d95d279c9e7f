"""`songngu reviewer …`: who may sign in to the review form, and API keys."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from service.cli.common import fail, one_line_errors
from service.review import access
from service.settings import Settings
from service.store.engine import open_store
from service.store.review_values import Reviewer, Role
from service.store.reviewers import ReviewerStore

EXAMPLES = "Example:  songngu reviewer add lan --role admin   |   songngu reviewer key lan"

app = typer.Typer(no_args_is_help=True, help="Reviewers' accounts and API keys.")
Name = Annotated[str, typer.Argument(help="The reviewer's name.")]


@app.command()
def add(
    name: Name,
    role: Annotated[
        Role, typer.Option(help="reviewer votes and corrects, editor approves, admin manages.")
    ] = Role.REVIEWER,
) -> None:
    """Add a reviewer; the password is asked for, or read from standard input."""
    password = _password()
    with one_line_errors(), _reviewers() as reviewers:
        made = access.add_reviewer(reviewers, name, role, password)
    print(f"{made.name}: {made.role}")


@app.command()
def key(name: Name) -> None:
    """Make an API key for a reviewer and print it; it is not shown again."""
    with one_line_errors(), _reviewers() as reviewers:
        print(access.make_key(reviewers, _known(reviewers, name).id).key)


@app.command("list")
def list_reviewers() -> None:
    """Print everyone who may sign in, with the prefixes of their keys."""
    with one_line_errors(), _reviewers() as reviewers:
        for one in reviewers.all():
            print(f"{one.name}\t{one.role}\t{' '.join(reviewers.keys(one.id))}")


@app.command()
def disable(name: Name) -> None:
    """Let a reviewer sign in no more; what they did stays."""
    with one_line_errors(), _reviewers() as reviewers:
        reviewers.disable(_known(reviewers, name).id)


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


def _known(reviewers: ReviewerStore, name: str) -> Reviewer:
    found = reviewers.by_name(" ".join(name.split()))
    if found is None:
        fail(f"there is no reviewer named {name}; see `songngu reviewer list`")
    return found[0]


@contextmanager
def _reviewers() -> Iterator[ReviewerStore]:
    store = open_store(Settings.from_environment().store_url)
    try:
        yield ReviewerStore(store)
    finally:
        store.close()
