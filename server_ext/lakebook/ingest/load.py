"""A load: read once by the native pass, committed to the lake, then made visible in one transaction."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook.call import Call
from lakebook.catalog.store import Load
from lakebook.errors import NameTaken
from lakebook.events.outbox import COMPLETED, INGESTED, emit
from lakebook.ingest.contract import check_contract
from lakebook.ingest.models import Deviation, IngestResult, SchemaMode
from lakebook.ingest.native import Options, Processed, process
from lakebook.ingest.rejected import Rejected, discard_rejected, rejected_rows
from lakebook.ingest.relations import settled, standing_relations
from lakebook.ingest.schema_modes import held_to_schema
from lakebook.ingest.standing import said, same_again, standing_files, standing_version
from lakebook.jobs import crash_points
from lakebook.whole_file import write_whole

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

SHOWN_DEVIATIONS = 100


@dataclass
class Loading:
    """A load to be done: what of, into which dataset."""

    load_id: str
    dataset_id: str
    layer: str
    name: str
    sources: list[Path]
    source: str
    source_hash: str | None = None
    source_kind: str = "file"
    action: str = "ingest"
    append: bool = False
    run_id: str | None = None
    again: bool = False
    schema_mode: SchemaMode | None = None
    contract: bool = False
    facts: dict[str, Any] = field(default_factory=dict)
    deviations: list[dict[str, Any]] = field(default_factory=list)
    deviation_counts: dict[str, int] = field(default_factory=dict)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    dialect: dict[str, Any] | None = None


def load(call: Call, loading: Loading, options: Options) -> IngestResult:
    """Native pass, Delta commit, metadata transaction; safe to repeat after a kill at any point."""
    began, runtime = time.monotonic(), call.runtime
    done = runtime.catalog.load(loading.load_id)
    if done is not None:
        return _result(call, loading, dict(done["report"]), done["version"], began)
    folder = runtime.lake.table_folder(loading.layer, loading.dataset_id)
    parquet = folder / f"{loading.load_id}.parquet"
    waiting = runtime.settings.folder("tmp") / f"{loading.load_id}.load.json"
    try:
        with runtime.lake.lane(loading.layer, loading.dataset_id):
            standing = same_again(call, loading, options)
            if standing is not None:
                _take_back(call, loading, parquet, waiting)
                return _unchanged(call, loading, standing, began)
            kept = _kept(call, loading, parquet, waiting)
            processed = kept or _processed(call, loading, options, parquet, waiting)
            crash_points.reached("after-parquet")
            with rejected_rows(call, loading, processed) as rejected:
                crash_points.reached("after-rejected")
                report = _commit(call, loading, options, processed, rejected, parquet, began, again=kept is not None)
    except BaseException as error:
        if not isinstance(error, KeyboardInterrupt):
            _abandon(call, loading, parquet, waiting, error)
        raise
    crash_points.reached("before-tidy")
    waiting.unlink(missing_ok=True)
    crash_points.reached("after-metadata")
    return _result(call, loading, report, report["version"], began)


def _kept(call: Call, loading: Loading, parquet: Path, waiting: Path) -> Processed | None:
    """What an earlier attempt of this load left of its native pass, unless another load came between."""
    if not (waiting.exists() and parquet.exists()):
        return None
    kept = Processed(**json.loads(waiting.read_text()))
    # An append holds the rows that stood when it was read; committed later, it would undo what came since.
    moved = (loading.append or loading.facts) and kept.extra.get("standing") != standing_version(call, loading)
    return None if moved else kept


def _processed(call: Call, loading: Loading, options: Options, parquet: Path, waiting: Path) -> Processed:
    """The native pass, kept on disk until the load stands."""
    standing = standing_files(call, loading) if loading.append else []
    sources = [*standing, *loading.sources]
    if standing:
        # The format is said of the new file; the standing ones are Parquet, and each tells its own.
        options = replace(options, format=None)
    processed = process(
        sources,
        parquet,
        options,
        temporary=call.runtime.settings.folder("tmp"),
        report=_reading(call),
        called=loading.source,
    )
    processed.rejected = [*loading.rejected, *processed.rejected]
    processed.rejected_rows += len(loading.rejected)
    processed.dialect = loading.dialect or processed.dialect
    processed = held_to_schema(call, loading, options, processed, parquet, _reading(call))
    if loading.contract:
        check_contract(call, loading, processed, parquet)
    # What another attempt reads anew may have gone on: the kept rows keep the facts they were read with.
    processed.extra["findings"] = call.runtime.findings_of(
        parquet, processed.columns, row_count=processed.row_count, duplicate_rows=processed.duplicate_rows,
        temporary=call.runtime.settings.folder("tmp"),
    )  # fmt: skip
    facts = settled(loading.facts, standing_relations(call, loading), [one["name"] for one in processed.columns])
    processed.extra |= {"standing": standing_version(call, loading), "facts": facts}
    # What was met on the way to plain files comes first: it was met first.
    processed.deviations = [*loading.deviations, *processed.deviations]
    for kind, times in loading.deviation_counts.items():
        processed.deviation_counts[kind] = processed.deviation_counts.get(kind, 0) + times
    # Plain data as it is: to copy it first takes longer than all else where there are very many columns.
    write_whole(waiting, json.dumps(vars(processed), default=str))
    return processed


def _reading(call: Call) -> Callable[[float, int], None]:
    return lambda fraction, rows: call.report(0.1 + 0.8 * fraction, "reading and profiling", rows=rows)


def _commit(
    call: Call, loading: Loading, options: Options, processed: Processed, rejected: Rejected | None, parquet: Path,
    began: float, *, again: bool,
) -> dict[str, Any]:  # fmt: skip
    """First Delta (unless an earlier attempt's commit stands), then one metadata transaction that checks the lease."""
    runtime, lake = call.runtime, call.runtime.lake
    committed = lake.committed(loading.layer, loading.dataset_id, loading.load_id) if again else None
    committed = committed or lake.commit(
        loading.layer, loading.dataset_id, loading.load_id, parquet, processed.row_count
    )
    crash_points.reached("after-delta")
    entry, beside = _entry(call, loading, processed), None
    entry.report |= processed.extra.get("facts", {})
    entry.report |= {"options": said(loading, options), "appended": loading.append}
    if rejected is not None:
        beside = _entry(call, rejected.loading, rejected.processed)
        entry.report |= {"rejected_table": beside.name, "hint": _rejected_hint(beside.name, loading.load_id)}
    key = lake.key(loading.layer, loading.dataset_id)
    with runtime.database.write() as connection:
        if call.job is not None:
            runtime.jobs.guard_commit(connection, call.job.job_id, call.job.epoch)
        if rejected is not None and beside is not None:
            beside_key = lake.key(beside.layer, beside.dataset_id)
            runtime.catalog.add_version(connection, beside, rejected.committed, beside_key)
        version = runtime.catalog.add_version(connection, entry, committed, key)
        report = {**entry.report, "version": version}
        payload = {"job_id": loading.load_id, "dataset_id": loading.dataset_id, "name": loading.name,
                   "version": version, "row_count": processed.row_count, "s3_key": key,
                   "user_id": call.principal.user_id}  # fmt: skip
        emit(connection, INGESTED, loading.load_id, {**payload, "source_type": entry.source_type})
        emit(connection, COMPLETED, loading.load_id, payload)
        runtime.audit.record_in(
            connection,
            call,
            loading.action,
            f"dataset:{loading.dataset_id}",
            {"name": loading.name, "version": version},
        )
        if call.job is not None and call.job.job_id == loading.load_id:
            result = _result(call, loading, report, version, began)
            runtime.jobs.complete_in(connection, call.job.job_id, call.job.epoch, result.model_dump(mode="json"))
    return report


def _rejected_hint(table: str, load_id: str) -> str:
    return f"""See the rejected rows: SELECT * FROM "{table}" WHERE load_id = '{load_id}'."""


def _unchanged(call: Call, loading: Loading, standing: RowMapping, began: float) -> IngestResult:
    """The standing version as the result of a load that would have brought the same file again."""
    message = f"{loading.source} is the file that {loading.name} already holds: nothing was changed."
    words = {"unchanged": True, "message": message, "hint": "Load it all the same with `--again`."}
    return _result(call, loading, {**standing["report"], **words}, standing["version"], began)


def _entry(call: Call, loading: Loading, processed: Processed) -> Load:
    profile = call.runtime.profile_of(
        row_count=processed.row_count,
        columns=processed.columns,
        duplicate_rows=processed.duplicate_rows,
        duplicate_groups=processed.duplicate_groups,
        rejected_rows=processed.rejected_rows,
        deviation_counts=processed.deviation_counts,
        findings=processed.extra.get("findings"),
    )
    report = {
        "rows": processed.row_count,
        "columns": processed.column_count,
        "rejected_rows": processed.rejected_rows,
        "duplicate_rows": processed.duplicate_rows,
        "quality_score": profile["quality_score"],
        "deviations": processed.deviations[:SHOWN_DEVIATIONS],
        "deviation_counts": processed.deviation_counts,
        "rejected": processed.rejected,
        "dialect": processed.dialect,
    }
    return Load(
        load_id=loading.load_id,
        dataset_id=loading.dataset_id,
        layer=loading.layer,
        name=loading.name,
        source_type=str(processed.dialect.get("format", "parquet")),
        source=loading.source,
        user_id=call.principal.user_id,
        row_count=processed.row_count,
        column_count=processed.column_count,
        report=report,
        profile=profile,
        source_hash=loading.source_hash,
        job_id=call.job.job_id if call.job else None,
        run_id=loading.run_id,
        lineage=[(loading.source_kind, loading.source)],
    )


def _result(call: Call, loading: Loading, report: dict[str, Any], version: int, began: float) -> IngestResult:
    shown = {name: value for name, value in report.items() if name in IngestResult.model_fields}
    return IngestResult(
        **{
            **shown,
            "dataset_id": loading.dataset_id,
            "name": loading.name,
            "version": version,
            "s3_key": call.runtime.lake.key(loading.layer, loading.dataset_id),
            "deviations": [Deviation.model_validate(item) for item in report["deviations"]],
            "seconds": round(time.monotonic() - began, 3),
        }
    )


def _abandon(call: Call, loading: Loading, parquet: Path, waiting: Path, error: BaseException) -> None:
    """Take back what a failed load left, unless its Delta commit stands (recovery completes that)."""
    if isinstance(error, NameTaken) and not call.runtime.catalog.versions(loading.dataset_id):
        # Another table has the name: this one never comes to be.
        call.runtime.lake.discard(loading.layer, loading.dataset_id)
    _take_back(call, loading, parquet, waiting)


def _take_back(call: Call, loading: Loading, parquet: Path, waiting: Path) -> None:
    """Remove the files of a load that is not to be, unless its Delta commit stands."""
    lake = call.runtime.lake
    if lake.committed(loading.layer, loading.dataset_id, loading.load_id) is not None:
        return
    waiting.unlink(missing_ok=True)
    lake.drop_empty(loading.layer, loading.dataset_id, parquet)
    discard_rejected(call, loading)
    shutil.rmtree(waiting.with_suffix(""), ignore_errors=True)
