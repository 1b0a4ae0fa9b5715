"""Settings: one place for addresses and limits, from arguments, `LAKEBOOK_*` variables and `lakebook.toml`."""

from __future__ import annotations

import os
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from lakebook.errors import HomeUnusable

HOME_NAME = ".lakebook"


class Settings(BaseSettings):
    """Where the parts of lakebook are and what they may use; an empty address means the one in the home."""

    model_config = SettingsConfigDict(env_prefix="LAKEBOOK_", extra="ignore", env_ignore_empty=True)

    home: Path = Field(description="Folder that holds everything lakebook keeps.")
    metadata: str = Field("", description="Metadata database: sqlite:///… or postgresql://…")
    lake: str = Field("", description="Folder of the tables.")
    models: str = Field("", description="MLflow's store: sqlite:///… or an MLflow server's address.")
    events: str = Field("", description="Broker of the topics: kafka://host:port; the metadata database without one.")
    engine: str = Field(
        "", description="Engine beside the lake: snowflake://user@account/database/schema or sc://host."
    )
    engine_key: str = Field("", description="Where the engine's secret is: env:NAME or keyring:SERVICE/NAME.")
    workers: int = Field(1, ge=0, le=64, description="Worker processes that a server keeps alive.")
    max_upload_bytes: int = Field(20 * 2**30, description="Largest file that may be uploaded, in bytes.")
    max_unpacked_bytes: int = Field(200 * 2**30, gt=0, description="Most that a packed file may hold, in bytes.")
    web_hosts: str = Field("", description="Hosts that may be read over the web although private, parted by commas.")
    source_hosts: str = Field("", description="Hosts whose databases may be read, parted by commas, as *.example.org.")
    source_secrets: str = Field("", description="Secrets that sources may use, parted by commas, as env:SHOP_*.")
    remote_kernels: bool = Field(
        False, description="Whether several people share the server; then sources use what is named and no more."
    )
    max_body_bytes: int = Field(16 * 2**20, description="Largest body of any other request, in bytes.")
    query_seconds: float = Field(30.0, gt=0, description="Seconds that a statement may run.")
    query_memory_bytes: int = Field(2**30, description="Memory that a statement may use, in bytes.")
    view_sort_bytes: int = Field(2**30, ge=0, description="Largest text file sorted without loading it, in bytes.")
    train_seconds: float = Field(1800.0, gt=0, le=1800, description="Seconds after which a training is stopped.")
    train_memory_bytes: int = Field(8 * 2**30, gt=0, description="Memory that a training may use, in bytes.")
    job_memory_bytes: int = Field(10 * 2**30, gt=0, description="Memory that a job may use, in bytes.")
    job_seconds: float = Field(6 * 3600.0, gt=0, description="Seconds that a job may take.")
    source_seconds: float = Field(3600.0, gt=0, description="Seconds that a database may take for one statement.")
    lease_seconds: float = Field(10.0, gt=0, description="Seconds after which a silent worker's job is taken over.")
    undo_days: int = Field(7, ge=0, description="Days for which a deleted table can be brought back.")
    llm: str = Field(
        "", description="OpenAI-compatible language model on this machine, such as http://127.0.0.1:8080/v1."
    )
    llm_model: str = Field("", description="Name of that model, where its server has several.")
    llm_key: str = Field("", description="Where that model's key is: env:NAME or keyring:SERVICE/NAME.")
    remote_llm: str = Field("", description="Language model on another machine; none unless it is named here.")
    remote_llm_model: str = Field("", description="Name of the model there.")
    remote_llm_key: str = Field("", description="Where the key for it is: env:NAME or keyring:SERVICE/NAME.")
    llm_seconds: float = Field(60.0, gt=0, description="Seconds that a language model may take for one reply.")
    llm_prices: dict[str, tuple[Decimal, Decimal]] = Field(
        default_factory=dict, description="Price of a million tokens in and out, for each model by name."
    )
    offline: bool = Field(False, description="Whether every language model on another machine is refused.")
    log_level: str = Field("INFO", description="Least severity that is logged.")

    @field_validator("llm_key", "remote_llm_key", "engine_key")
    @classmethod
    def _is_reference(cls, given: str) -> str:
        """A key itself would be kept in clear; a reference says where it is."""
        if given and not given.startswith(("env:", "keyring:")):
            raise ValueError("it says where the key is (env:NAME or keyring:SERVICE/NAME) and never holds the key")
        return given

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then variables, then the home's `lakebook.toml`."""
        home = init_settings.init_kwargs["home"] if hasattr(init_settings, "init_kwargs") else Path()
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path(home) / "lakebook.toml")

    @property
    def metadata_address(self) -> str:
        """Address of the metadata database."""
        return self.metadata or f"sqlite:///{self.home / 'metadata.sqlite'}"

    @property
    def models_address(self) -> str:
        """Address of MLflow's store."""
        return self.models or f"sqlite:///{self.home / 'mlflow.sqlite'}"

    @property
    def lake_folder(self) -> Path:
        """Folder of the tables."""
        return Path(self.lake) if self.lake else self.home / "lake"

    def addresses(self) -> dict[str, str]:
        """The settings that a process of the same home must share, as environment variables."""
        chosen = {"HOME": str(self.home), "METADATA": self.metadata, "LAKE": self.lake,
                  "MODELS": self.models, "EVENTS": self.events}  # fmt: skip
        return {f"LAKEBOOK_{name}": value for name, value in chosen.items() if value}

    def folder(self, name: str) -> Path:
        """One of the home's folders (`files`, `runs`, `pages`, `models`, `cache`, `tmp`), made if missing."""
        path = self.home / name
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path


def settings_of(home: Path, **given: Any) -> Settings:
    """The settings of a home; HomeUnusable names the one that cannot be as it is."""
    try:
        return Settings(home=home, **given)
    except tomllib.TOMLDecodeError as error:
        raise HomeUnusable(f"{home / 'lakebook.toml'} is not TOML: {error}.", hint="Mend that line.") from error
    except ValidationError as error:
        fault = error.errors()[0]
        name = str(fault["loc"][0])
        raise HomeUnusable(
            f"The setting {name} cannot be so: {fault['msg'].lower()}.",
            hint=f"Change `LAKEBOOK_{name.upper()}`, or {name} in `lakebook.toml`.",
        ) from error


def find_home(explicit: str | os.PathLike[str] | None = None, root: Path | None = None) -> Path:
    """The home: the one named, else `LAKEBOOK_HOME`, else the nearest upwards, else a new one in `root`."""
    if explicit:
        return Path(explicit).expanduser().absolute()
    named = os.environ.get("LAKEBOOK_HOME")
    if named:
        return Path(named).expanduser().absolute()
    start = (root or Path.cwd()).absolute()
    for folder in (start, *start.parents):
        if (folder / HOME_NAME).is_dir():
            return folder / HOME_NAME
    return start / HOME_NAME
