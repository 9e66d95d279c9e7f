"""Everything the environment decides, read once into a frozen value."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
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
    max_concurrent_articles: int = 32  # more wait; so many fill the engine's batches
    max_waiting_articles: int = 64  # more are told to come back
    engine_replicas: int = 0  # batches decoded at a time; 0 is one a core
    max_waiting_tokens: int = 100_000  # source tokens before the engine; more come back later
    article_timeout_s: float = 120.0  # for one article over HTTP
    summary_timeout_s: float = 60.0  # of it, for a model to load and write a summary
    translation_model: str = "songngu-small"
    model_memory_bytes: int = 4_294_967_296  # for all models in memory together
    device: str = "cpu"  # or cuda
    memory_segments: int = 200_000  # translated segments remembered in the store; 0 is none
    max_upload_bytes: int = 268_435_456  # of a job's JSONL, which is not held in memory
    max_queued_items: int = 1_000_000  # of all jobs; more are told to come back
    archive_threads: int = 8  # articles of jobs in work at a time; 0 leaves them to `worker`s
    job_retention_days: float = 30.0  # results are kept so long; 0 keeps them for ever
    webhook_networks: str = ""  # private networks that webhooks may go to, e.g. 10.1.0.0/16
    cluster: str = ""  # a Ray cluster that decodes: `auto`, host:port, or `local`; "" is none
    cluster_replicas: int = 0  # of a model on it, at most; 0 is as many as it has cores now
    admin_password: str = ""  # makes the first reviewer, `admin`, where there is none yet
    data_dir: str = ""  # where the store is; "" is the platform's folder for a user's data
    database_url: str = ""  # postgresql://…; "" is SQLite in the data folder
    models_dir: str = ""  # where fetched models are; "" is `models` in the data folder
    hub_endpoint: str = ""  # address of a hub's mirror; "" is the hub's own
    openai_base_url: str = ""  # of a server that speaks the OpenAI interface; "" is none
    openai_model: str = ""  # its name for the model
    openai_api_key: str = field(default="", repr=False)
    openai_timeout_s: float = 60.0  # for one segment
    openai_concurrency: int = 4  # requests to it at a time

    @property
    def data_folder(self) -> Path:
        """Where this service keeps what outlives it."""
        return Path(self.data_dir).expanduser() if self.data_dir else _platform_folder(os.environ)

    @property
    def models_folder(self) -> Path:
        """Where models are fetched to and registered."""
        if self.models_dir:
            return Path(self.models_dir).expanduser()
        return self.data_folder / "models"

    @property
    def store_url(self) -> str:
        """The address that `service.store.engine.open_store` takes."""
        return self.database_url or f"sqlite:///{(self.data_folder / 'songngu.db').absolute()}"

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


def _platform_folder(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """A user's data folder, where the platform's convention has it.

    >>> _platform_folder({"XDG_DATA_HOME": "/data"}, "linux").as_posix()
    '/data/songngu'
    """
    if platform == "win32":
        base = Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "songngu"
