"""The documents do not lie: errors, settings, dependencies and commands are all described."""

import re
import tomllib
from dataclasses import fields
from itertools import chain
from pathlib import Path

from service import errors
from service.settings import Settings

ROOT = Path(__file__).parent.parent


def test_every_error_is_described():
    page = (ROOT / "docs" / "errors.md").read_text("utf-8")
    slugs = {
        kind.slug
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.SongnguError)
    } - {
        "invalid-article",
        "engine-unavailable",
        "job-error",
        "review-error",
    }  # bases, never raised themselves
    assert [slug for slug in sorted(slugs) if f"`{slug}`" not in page] == []


def test_every_setting_is_described():
    page = (ROOT / "README.md").read_text("utf-8")
    names = [f"SONGNGU_{field.name.upper()}" for field in fields(Settings)]
    assert [name for name in names if name not in page] == []


def test_every_dependency_has_its_sentence():
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *chain.from_iterable(extras)]
    names = [re.split(r"[<>=\[]", requirement)[0] for requirement in wanted]
    assert [name for name in names if name not in page] == []


def test_the_readme_names_the_two_commands():
    page = (ROOT / "README.md").read_text("utf-8")
    for command in ("scripts/serve", "scripts/test"):
        assert command in page
        assert (ROOT / command).stat().st_mode & 0o111
