"""From settings to services, each built once when first used; the only place that names concrete parts."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from lakebook.access.audit import Audit
    from lakebook.catalog.store import Catalog
    from lakebook.events.outbox import EventLog
    from lakebook.events.relay import Broker
    from lakebook.ingest.native import Processed
    from lakebook.jobs.queue import Jobs
    from lakebook.lake.tables import Lake
    from lakebook.llm.consent import Consents
    from lakebook.llm.language_model import LanguageModel
    from lakebook.llm.ledger import Ledger
    from lakebook.metadata.database import Database
    from lakebook.ml.lifecycle.recorder import Recorder
    from lakebook.ml.lifecycle.routing import Routes
    from lakebook.ml.registry import ModelStore
    from lakebook.ml.serving.predictor import Predictors
    from lakebook.query.children.engine import Engine
    from lakebook.query.children.pool import Children
    from lakebook.query.results import Results
    from lakebook.settings import Settings
    from lakebook.streaming.topics import Topics
    from lakebook.view.readers import Readers
    from lakebook.view.rows import Kept


class Runtime:
    """Every service of one home."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def database(self) -> Database:
        """The metadata database."""
        from lakebook.metadata.database import Database

        return Database(self.settings.metadata_address)

    @cached_property
    def audit(self) -> Audit:
        """The audit log."""
        from lakebook.access.audit import Audit

        return Audit(self.database)

    @cached_property
    def catalog(self) -> Catalog:
        """The datasets and what is known of them."""
        from lakebook.catalog.store import Catalog

        return Catalog(self.database)

    @cached_property
    def lake(self) -> Lake:
        """The tables' files."""
        from lakebook.lake.tables import Lake

        return Lake(self.settings.lake_folder, self.settings.folder("tmp"))

    @cached_property
    def jobs(self) -> Jobs:
        """The queue."""
        from lakebook.jobs.queue import Jobs

        return Jobs(self.database, self.settings.lease_seconds, self.settings.home)

    @cached_property
    def events(self) -> EventLog:
        """The event log."""
        from lakebook.events.outbox import EventLog

        return EventLog(self.database)

    @cached_property
    def broker(self) -> Broker | None:
        """Where events go besides the event log; None for nowhere."""
        if not self.settings.events:
            return None
        from lakebook.streaming.kafka import KafkaBroker

        return KafkaBroker(self.settings.events)

    @cached_property
    def topics(self) -> Topics:
        """The topics that live tiles listen to."""
        if self.settings.events:
            from lakebook.streaming.kafka import KafkaTopics

            return KafkaTopics(self.settings.events)
        from lakebook.streaming.topics import TableTopics

        return TableTopics(self.database)

    @cached_property
    def children(self) -> Children:
        """The sealed processes that run statements, and the engine beside them where one is named."""
        settings = self.settings
        if settings.engine:
            from lakebook.query.children.elsewhere import ChildrenAndEngine, Elsewhere

            return ChildrenAndEngine(
                Elsewhere(self.engine, settings.query_seconds),
                memory_limit_bytes=settings.query_memory_bytes,
                time_limit=settings.query_seconds,
            )
        from lakebook.query.children.pool import Children

        return Children(memory_limit_bytes=settings.query_memory_bytes, time_limit=settings.query_seconds)

    @cached_property
    def engine(self) -> Engine:
        """The engine that the settings name."""
        from lakebook.engines.addresses import opened
        from lakebook.llm.endpoint import key_of

        return opened(self.settings.engine, key_of(self.settings.engine_key) if self.settings.engine_key else "")

    @cached_property
    def results(self) -> Results:
        """The results of statements, remembered for a while."""
        from lakebook.query.results import Results

        return Results()

    @cached_property
    def viewers(self) -> Children:
        """The sealed processes that read the rows that are looked at."""
        from lakebook.query.children.pool import Children

        memory, seconds = self.settings.query_memory_bytes, self.settings.query_seconds
        return Children(size=2, most=3, memory_limit_bytes=memory, time_limit=seconds)

    @cached_property
    def readers(self) -> Readers:
        """The processes that read text files that nobody has loaded."""
        from lakebook.view.readers import Readers

        return Readers(self.settings.folder("cache"))

    @cached_property
    def view_kept(self) -> Kept:
        """What the viewer found out about the tables that are looked at."""
        from lakebook.view.rows import Kept

        return Kept()

    @cached_property
    def models(self) -> ModelStore:
        """The registry of models."""
        from lakebook.ml.registry import ModelStore

        return ModelStore(self.settings.models_address, self.settings.folder("models"))

    @cached_property
    def predictors(self) -> Predictors:
        """The processes that hold loaded models."""
        from lakebook.ml.serving.predictor import Predictors

        return Predictors(self.models, routes=self.routes, recorder=self.recorder)

    @cached_property
    def routes(self) -> Routes:
        """Which versions answer for a model's name."""
        from lakebook.ml.lifecycle.routing import Routes

        return Routes(self.database)

    @cached_property
    def recorder(self) -> Recorder:
        """Counts what models are asked and what they answer."""
        from lakebook.ml.lifecycle.recorder import Recorder

        return Recorder(self.database, self.models)

    @cached_property
    def language_models(self) -> tuple[LanguageModel, ...]:
        """The language models that are configured: the one here, then the one elsewhere."""
        from lakebook.llm.endpoint import local_endpoint, remote_endpoint
        from lakebook.llm.language_model import LanguageModel

        said = self.settings
        here = local_endpoint(said.llm, said.llm_model, said.llm_key) if said.llm else None
        far = remote_endpoint(said.remote_llm, said.remote_llm_model, said.remote_llm_key) if said.remote_llm else None
        asked = [one for one in (here, far) if one is not None]
        return tuple(LanguageModel(one, self.egress, seconds=said.llm_seconds, offline=said.offline) for one in asked)

    @cached_property
    def egress(self) -> Ledger:
        """What was sent to language models."""
        from lakebook.llm.ledger import Ledger

        return Ledger(self.database, self.settings.llm_prices)

    @cached_property
    def consents(self) -> Consents:
        """Who allowed what to be sent where."""
        from lakebook.llm.consent import Consents

        return Consents(self.database)

    @property
    def replace_table(self) -> Callable[..., Any]:
        """Makes a Parquet file a table's whole content; the neighbours ml and ingest meet here."""
        from lakebook.ingest.table import TableHandle

        return lambda call, name, parquet, source: TableHandle(call, name).replace_by(parquet, source)

    @property
    def profile_of(self) -> Callable[..., dict[str, Any]]:
        """Makes a profile of column statistics; the neighbours ingest and profile meet here."""
        from lakebook.profile.report import profile_of

        return profile_of

    @property
    def findings_of(self) -> Callable[..., dict[str, Any]]:
        """Finds keys, ties, forms and gaps in a table's rows, for its profile."""
        from lakebook.profile.findings import findings_of

        return findings_of

    @property
    def fixes_of(self) -> Callable[..., list[str | None]]:
        """Writes the notebook cells that mend a profile's issues."""
        from lakebook.profile.fixes import fixes_of

        return fixes_of

    @property
    def examples_of(self) -> Callable[..., list[list[dict[str, Any]]]]:
        """Looks up rows that show a profile's issues."""
        from lakebook.profile.examples import examples_of

        return examples_of

    @property
    def changes_of(self) -> Callable[..., list[dict[str, str]]]:
        """Says what changed from one profile to the next."""
        from lakebook.profile.compare import compare

        return compare

    @property
    def suggested_rules(self) -> Callable[..., list[dict[str, Any]]]:
        """Finds the rules that the rows of a profile keep."""
        from lakebook.profile.rules import suggested_rules

        return suggested_rules

    @property
    def rule_of_issue(self) -> Callable[..., dict[str, Any] | None]:
        """Turns an issue of a profile into the rule that keeps it from coming again."""
        from lakebook.profile.rules import rule_of_issue

        return rule_of_issue

    def files(self, row: RowMapping, version: int | None = None) -> tuple[str, ...]:
        """The local Parquet files of a catalogue's row: of its current version, or of the one named."""
        kept = self.catalog.version(row["dataset_id"], row["version"] if version is None else version)
        return self.lake.paths(row["s3_key"], list(kept["files"]))

    def close(self) -> None:
        """Stop what was started; what was never used is not built for it."""
        for name in ("children", "viewers", "readers", "predictors", "recorder", "topics", "broker", "database"):
            if (service := self.__dict__.pop(name, None)) is not None:
                service.close()


def open_runtime(
    home: str | os.PathLike[str] | None = None, *, root: Path | None = None, upgrade: bool = False, **settings: Any
) -> Runtime:
    """The runtime of a home, made ready; `upgrade` lets a server or worker migrate older metadata."""
    from lakebook.home import open_home
    from lakebook.settings import find_home, settings_of

    runtime = Runtime(settings_of(find_home(home, root), **settings))
    open_home(runtime.settings)
    runtime.database.prepare(upgrade=upgrade)
    return runtime


def native_pass(
    sources: Sequence[Path], output: Path, *, temporary: Path, report: Callable[[float, int], None], **said: Any
) -> Processed:
    """The one native pass over files, `said` what is known of them; the viewer and ingest meet here."""
    from lakebook.ingest.native import Options, process

    return process(sources, output, Options(**said), temporary=temporary, report=report)
