"""A load: read once by the native pass, committed to the lake, then made visible in one transaction."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lakebook.call import Call
from lakebook.catalog.store import Load
from lakebook.errors import NameTaken
from lakebook.events.outbox import COMPLETED, INGESTED, emit
from lakebook.ingest.models import Deviation, IngestResult
from lakebook.ingest.native import Options, Processed, process
from lakebook.jobs import crash_points

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
    append: bool = False
    run_id: str | None = None


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
            processed = _processed(call, loading, options, parquet, waiting)
            crash_points.reached("after-parquet")
            report = _commit(call, loading, processed, parquet, began)
    except BaseException as error:
        if not isinstance(error, KeyboardInterrupt):
            _abandon(call, loading, parquet, waiting, error)
        raise
    waiting.unlink(missing_ok=True)
    crash_points.reached("after-metadata")
    return _result(call, loading, report, report["version"], began)


def _processed(call: Call, loading: Loading, options: Options, parquet: Path, waiting: Path) -> Processed:
    """The native pass, or what an earlier attempt of this load left of it."""
    if waiting.exists() and parquet.exists():
        return Processed(**json.loads(waiting.read_text()))
    sources = [*_standing_files(call, loading), *loading.sources] if loading.append else loading.sources
    processed = process(sources, parquet, options, temporary=call.runtime.settings.folder("tmp"), report=_reading(call))
    partial = waiting.with_suffix(".part")
    with partial.open("w") as file:
        json.dump(asdict(processed), file, default=str)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, waiting)
    return processed


def _reading(call: Call) -> Callable[[float, int], None]:
    return lambda fraction, rows: call.report(0.1 + 0.8 * fraction, "reading and profiling", rows=rows)


def _standing_files(call: Call, loading: Loading) -> list[Path]:
    found = call.runtime.catalog.find(loading.layer, loading.name)
    if found is None:
        return []
    version = call.runtime.catalog.version(found["dataset_id"], found["version"])
    return [Path(path) for path in call.runtime.lake.paths(found["s3_key"], version["files"])]


def _commit(call: Call, loading: Loading, processed: Processed, parquet: Path, began: float) -> dict[str, Any]:
    """First Delta, then one metadata transaction that checks the lease."""
    runtime, lake = call.runtime, call.runtime.lake
    committed = lake.committed(loading.layer, loading.dataset_id, loading.load_id) or lake.commit(
        loading.layer, loading.dataset_id, loading.load_id, parquet, processed.row_count
    )
    crash_points.reached("after-delta")
    entry = _entry(call, loading, processed)
    key = lake.key(loading.layer, loading.dataset_id)
    with runtime.database.write() as connection:
        version = runtime.catalog.add_version(connection, entry, committed, key)
        report = {**entry.report, "version": version}
        payload = {"job_id": loading.load_id, "dataset_id": loading.dataset_id, "name": loading.name,
                   "version": version, "row_count": processed.row_count, "s3_key": key,
                   "user_id": call.principal.user_id}  # fmt: skip
        emit(connection, INGESTED, loading.load_id, {**payload, "source_type": entry.source_type})
        emit(connection, COMPLETED, loading.load_id, payload)
        runtime.audit.record_in(
            connection, call, "ingest", f"dataset:{loading.dataset_id}", {"name": loading.name, "version": version}
        )
        if call.job is not None and call.job.job_id == loading.load_id:
            result = _result(call, loading, report, version, began)
            runtime.jobs.complete_in(connection, call.job.job_id, call.job.epoch, result.model_dump(mode="json"))
    return report


def _entry(call: Call, loading: Loading, processed: Processed) -> Load:
    profile = call.runtime.profile_of(
        row_count=processed.row_count,
        columns=processed.columns,
        duplicate_rows=processed.duplicate_rows,
        duplicate_groups=processed.duplicate_groups,
        rejected_rows=processed.rejected_rows,
        deviation_counts=processed.deviation_counts,
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
    lake = call.runtime.lake
    if isinstance(error, NameTaken) and not call.runtime.catalog.versions(loading.dataset_id):
        # Another table has the name: this one never comes to be.
        lake.discard(loading.layer, loading.dataset_id)
    elif lake.committed(loading.layer, loading.dataset_id, loading.load_id) is not None:
        return
    waiting.unlink(missing_ok=True)
    lake.drop_empty(loading.layer, loading.dataset_id, parquet)
    shutil.rmtree(waiting.with_suffix(""), ignore_errors=True)
