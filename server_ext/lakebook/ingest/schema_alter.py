"""The verb `datasets alter`: columns added, renamed, widened or dropped, as a new full version of the table."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook import names
from lakebook.call import Call
from lakebook.catalog.contracts import rules_in_force
from lakebook.catalog.schema_change import widens
from lakebook.catalog.schemas import check_compatible, types_of
from lakebook.errors import BadFile, Conflict, InvalidRequest, NotFound
from lakebook.ingest.load import Loading, load
from lakebook.ingest.models import AlterRequest, IngestResult
from lakebook.ingest.native import Options
from lakebook.ingest.relations import renamed
from lakebook.lake.bounded import bounded
from lakebook.sql_text import literal, quoted

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

TYPES = ("BOOLEAN", "BIGINT", "DOUBLE", "DECIMAL(18,2)", "DATE", "TIMESTAMP", "VARCHAR")


def prepare(call: Call, request: AlterRequest) -> dict[str, Any]:
    """Refuse at once what cannot be: no change at all, an unknown column, a taken name, a type that loses values."""
    row = call.runtime.catalog.row(request.dataset)
    if names.is_rejected(row["name"]):
        raise InvalidRequest("Rejected rows keep their columns.", hint="Alter another table.")
    if not said(request):
        raise InvalidRequest("Nothing is to be altered.", hint="Say `--add`, `--rename`, `--widen` or `--drop`.")
    planned(call, row, request)
    request.dataset = row["dataset_id"]
    rows = call.runtime.catalog.version(row["dataset_id"], row["version"])["row_count"]
    return {"title": f"alter {row['name']} ({rows:,} rows are written anew)"}


def alter(call: Call, request: AlterRequest) -> IngestResult:
    """Write the table's rows anew under the altered columns; safe to repeat after a kill at any point."""
    if call.job is None:
        raise BadFile("Altering runs as a job.", hint="Call it through a door.")
    runtime, row, job_id = call.runtime, call.runtime.catalog.row(request.dataset), call.job.job_id
    altered = runtime.settings.folder("tmp") / f"{job_id}.altered.parquet"
    try:
        with runtime.lake.name_lane(row["layer"], row["name"]):
            row = runtime.catalog.row(request.dataset)
            if runtime.catalog.load(job_id) is None:
                _write(call, row, planned(call, row, request), altered)
            loading = Loading(
                job_id, row["dataset_id"], row["layer"], row["name"], [altered], "; ".join(said(request)),
                source_kind="alteration", action="datasets.alter", facts=_facts(call, row, request),
            )  # fmt: skip
            return load(call, loading, Options("parquet"))
    finally:
        altered.unlink(missing_ok=True)


def planned(call: Call, row: RowMapping, request: AlterRequest) -> dict[str, str]:
    """Each column of the altered table and the SQL that it comes of; refused where the change cannot be."""
    types = types_of(call.runtime.database, row["dataset_id"])
    for name in [*request.drop, *request.rename, *request.widen]:
        if name not in types:
            raise NotFound.named("column", name, types)
    plan: dict[str, str] = {}
    after: dict[str, str] = {}
    for name, kind in types.items():
        if name in request.drop:
            continue
        shown, wanted = request.rename.get(name, name), _type(request.widen[name]) if name in request.widen else kind
        if wanted != kind and not widens(kind, wanted):
            raise InvalidRequest(f"{name} is {kind}: not every value of it is a {wanted}.", hint="Widen it otherwise.")
        _take(plan, shown, f"CAST({quoted(name)} AS {wanted})" if wanted != kind else quoted(name))
        after[shown] = wanted
    for name, kind in request.add.items():
        _take(plan, name, f"CAST(NULL AS {_type(kind)})")
        after[name] = _type(kind)
    if not plan:
        raise InvalidRequest("A table has at least one column.", hint="Delete the table instead.")
    check_compatible(row, types, after)
    _check_contract(call, row, [*request.drop, *request.rename])
    return plan


def said(request: AlterRequest) -> list[str]:
    """What was altered, one phrase for each column."""
    return [
        *(f"added {name} ({kind})" for name, kind in request.add.items()),
        *(f"renamed {old} to {new}" for old, new in request.rename.items()),
        *(f"widened {name} to {kind}" for name, kind in request.widen.items()),
        *(f"dropped {name}" for name in request.drop),
    ]


def _facts(call: Call, row: RowMapping, request: AlterRequest) -> dict[str, Any]:
    """What the version before knew for the next load: it knows it still, under the names of now."""
    version = call.runtime.catalog.version(row["dataset_id"], row["version"])
    report = version["report"]
    cost = {
        "message": f"{version['row_count']:,} rows were written anew.",
        "hint": f"Undo it with `lakebook datasets restore {row['name']} --version {version['version']}`.",
    }
    kept = {"watermark": report["watermark"]} if "watermark" in report else {}
    return {"altered": said(request), **cost, **kept, **renamed(report, request.rename, request.drop)}


def _check_contract(call: Call, row: RowMapping, gone: list[str]) -> None:
    held = {
        rule.rule_id
        for rule in rules_in_force(call.runtime.database, row["dataset_id"])
        if {rule.column, *rule.columns} & set(gone)
    }
    if held:
        raise Conflict(
            f"The contract of {row['name']} holds these columns: {', '.join(sorted(held))}.",
            hint=f"Drop the rules first: `lakebook contracts drop {row['name']} {' '.join(sorted(held))}`.",
        )


def _take(plan: dict[str, str], name: str, value: str) -> None:
    if not name or "__" in name or any(character in ' ,;{}()\n\t="' for character in name):
        raise InvalidRequest(f"A column cannot be called {name!r}.", hint="Use letters, digits and single underscores.")
    if names.key(name) in map(names.key, plan):
        raise InvalidRequest(f"Two columns would be called {name!r}.", hint="Choose another name.")
    plan[name] = value


def _type(kind: str) -> str:
    wanted = re.sub(r"\s+", "", kind.upper())
    decimal = re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", wanted)
    fits = decimal is not None and 1 <= int(decimal[1]) <= 38 and int(decimal[2]) <= int(decimal[1])
    if wanted not in TYPES and not fits:
        raise InvalidRequest(f"{kind!r} is no type of a column.", hint=f"Choose one of: {', '.join(TYPES)}.")
    return wanted


def _write(call: Call, row: RowMapping, plan: dict[str, str], altered: Path) -> None:
    import duckdb

    version = call.runtime.catalog.version(row["dataset_id"], row["version"])
    files = call.runtime.lake.paths(row["s3_key"], version["files"])
    values = ", ".join(f"{value} AS {quoted(name)}" for name, value in plan.items())
    call.report(0.05, f"writing {version['row_count']:,} rows anew", rows=version["row_count"])
    with bounded(files, altered.parent) as connection:
        try:
            connection.execute(f"COPY (SELECT {values} FROM whole) TO {literal(str(altered))} (FORMAT parquet)")
        except duckdb.ConversionException as error:
            raise InvalidRequest(
                "A value does not fit the wider type.", hint="Widen to a type with more digits."
            ) from error
