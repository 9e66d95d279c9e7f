"""Everything the environment decides, read once into a frozen value."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import get_type_hints

from service.errors import SongnguError

PREFIX = "SONGNGU_"


class SettingsError(SongnguError):
    """A `SONGNGU_…` variable is unknown or has a value of the wrong kind."""

    slug = "settings-invalid"
    title = "A setting is invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Defaults, each overridden by its variable, e.g. `SONGNGU_MAX_ARTICLE_CHARS`."""

    max_article_chars: int = 200_000
    max_body_bytes: int = 4_194_304  # of one HTTP request; JSON may escape each character
    body_timeout_s: float = 10.0  # until the last byte of a request's body
    extraction_timeout_s: float = 5.0
    extraction_memory_bytes: int = 1_073_741_824
    max_concurrent_articles: int = 8  # more wait
    max_waiting_articles: int = 64  # more are told to come back
    engine_replicas: int = 0  # batches decoded at a time; 0 is one a core
    translation_model: str = "songngu-small"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read every `SONGNGU_…` variable; raises SettingsError for an unknown name or bad value.

        >>> Settings.from_environment({"SONGNGU_ENGINE_REPLICAS": "2", "HOME": "/"}).engine_replicas
        2
        """
        source = os.environ if environment is None else environment
        kinds = get_type_hints(cls)
        known = {field.name for field in fields(cls)}
        values: dict[str, object] = {}
        for variable, text in source.items():
            if not variable.startswith(PREFIX):
                continue
            name = variable.removeprefix(PREFIX).lower()
            if name not in known:
                message = f"Unknown setting {variable}; known: {', '.join(sorted(known))}."
                raise SettingsError(message)
            try:
                values[name] = kinds[name](text)
            except ValueError as error:
                message = f"{variable} must be of type {kinds[name].__name__}."
                raise SettingsError(message) from error
        return cls(**values)  # type: ignore[arg-type]
