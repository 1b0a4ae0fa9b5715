"""A load against the schema that stands: it may evolve it, must keep to it, or sets the rows aside that break it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook.call import Call
from lakebook.catalog.schema_change import SchemaChange, change_between
from lakebook.catalog.schemas import check_compatible, types_of
from lakebook.errors import SchemaRefused
from lakebook.ids import new_id
from lakebook.ingest.native import Options, Processed, process
from lakebook.ingest.schema_fit import Fit, days_of, fit
from lakebook.ingest.staged_rows import own_rows
from lakebook.ingest.standing import own_from, standing_files
from lakebook.sql_text import literal, quoted

if TYPE_CHECKING:
    import duckdb

    from lakebook.ingest.load import Loading

MOST_ASIDE = 100_000
SHOWN = 3
DATED = ("DATE", "TIMESTAMP")
TYPE_NOTE = "column_note"

Report = Callable[[float, int], None]


@dataclass(frozen=True)
class Against:
    """The rows of the pass and the schema that stands before them."""

    staged: Path
    own_from: int
    options: Options
    standing: dict[str, str]
    given: dict[str, str]

    @property
    def change(self) -> SchemaChange:
        """From the schema that stands to the one of the pass."""
        return change_between(self.standing, self.given)


def held_to_schema(
    call: Call, loading: Loading, options: Options, processed: Processed, parquet: Path, report: Report
) -> Processed:
    """What the pass found, or what a pass over the rows that keep to the standing schema finds.

    Raises SchemaRefused, naming the columns, where the mode or the dataset's compatibility lets it not pass.
    """
    catalog = call.runtime.catalog
    row = catalog.find(loading.layer, loading.name)
    if row is None or loading.schema_mode is None:
        return processed
    standing = types_of(call.runtime.database, row["dataset_id"])
    against = Against(parquet, own_from(call, loading), options, standing, _types(processed))
    if loading.schema_mode == "strict":
        processed = _strict(call, loading, processed, against, report)
    elif loading.schema_mode == "quarantine":
        processed = _quarantine(call, loading, processed, against, report)
    elif loading.append:
        processed = _evolved(call, loading, processed, against, report)
    check_compatible(row, standing, _types(processed))
    return processed


def _strict(call: Call, loading: Loading, processed: Processed, against: Against, report: Report) -> Processed:
    change = against.change
    missing = list(change.dropped) or _never_named(call, loading, against)
    faults = change.sentences(("added",))
    if missing:
        faults.append(f"missing {', '.join(missing)}")
    if faults:
        raise _refusal(loading, faults)
    if not change:
        return processed
    with own_rows(against.staged, against.own_from, call.runtime.settings.folder("tmp")) as connection:
        fits = _fits(connection, loading, against)
        broken = [
            f"{name} is no {against.standing[name]} in {count:,} rows (such as {', '.join(map(repr, shown))})"
            for name, count, shown in _broken(connection, against, fits)
        ]
        if broken:
            raise _refusal(loading, broken)
        return _again(call, loading, processed, fits, _kept(against, fits), against, connection, report)


def _quarantine(call: Call, loading: Loading, processed: Processed, against: Against, report: Report) -> Processed:
    change = against.change
    if not change:
        return processed
    with own_rows(against.staged, against.own_from, call.runtime.settings.folder("tmp")) as connection:
        fits = _fits(connection, loading, against)
        aside = _aside(connection, loading, against, fits)
        kept = _again(call, loading, processed, fits, _kept(against, fits), against, connection, report)
    kept.rejected = [*kept.rejected, *aside]
    kept.rejected_rows += len(aside)
    if aside:
        kept.deviation_counts["breaks_the_schema"] = len(aside)
    return kept


def _evolved(call: Call, loading: Loading, processed: Processed, against: Against, report: Report) -> Processed:
    """Wider only where the rows ask for it: that a file writes its dates otherwise makes no text of the column."""
    texts = [name for name, (_, kind) in against.change.widened.items() if kind == "VARCHAR"]
    if not texts:
        return processed
    with own_rows(against.staged, against.own_from, call.runtime.settings.folder("tmp")) as connection:
        fits = {}
        for name in texts:
            days = days_of(connection, "own", name) if against.standing[name] in DATED else ()
            if days is not None:
                fits[name] = fit(name, "VARCHAR", against.standing[name], days)
        broken = {name for name, _, _ in _broken(connection, against, fits)}
        fits = {name: fitted for name, fitted in fits.items() if name not in broken}
        if not fits:
            return processed
        whole = {name: fits.get(name, Fit(quoted(name), "FALSE")) for name in against.given}
        return _again(call, loading, processed, whole, "TRUE", against, connection, report)


def _fits(connection: duckdb.DuckDBPyConnection, loading: Loading, against: Against) -> dict[str, Fit]:
    """How each standing column comes of the rows; one that they lack is null."""
    found = {}
    for name, wanted in against.standing.items():
        given = against.given.get(name)
        if given is None:
            found[name] = Fit(f"CAST(NULL AS {wanted})", "FALSE")
            continue
        days: tuple[str, ...] | None = ()
        if given == "VARCHAR" and wanted in DATED:
            days = days_of(connection, "own", name)
        if days is None:
            fault = f"{name}: its days and months cannot be told from each other"
            raise _refusal(loading, [fault], "Write its dates like 2024-12-31.")
        found[name] = fit(name, given, wanted, days)
    return found


def _broken(
    connection: duckdb.DuckDBPyConnection, against: Against, fits: dict[str, Fit]
) -> list[tuple[str, int, list[str]]]:
    """The columns that rows break, with how many and the first values that do."""
    found = []
    for name, fitted in fits.items():
        if fitted.broken == "FALSE" or name not in against.given:
            continue
        rows = connection.execute(f"SELECT {quoted(name)}::VARCHAR FROM own WHERE {fitted.broken}").fetchall()
        if rows:
            found.append((name, len(rows), [str(value) for (value,) in rows[:SHOWN]]))
    return found


def _aside(
    connection: duckdb.DuckDBPyConnection, loading: Loading, against: Against, fits: dict[str, Fit]
) -> list[dict[str, Any]]:
    """The rows that break the schema, as they are, each with its reason; SchemaRefused where hardly any keep to it."""
    counted = f"SELECT count(*), count(*) FILTER ({_any(against, fits)}) FROM own"
    ((total, broken),) = connection.execute(counted).fetchall()
    if broken > MOST_ASIDE or (broken and broken == total):
        which = "every row breaks" if broken == total else f"{broken:,} rows break"
        changes = against.change.sentences(("added", "widened", "narrowed", "retyped"))
        raise _refusal(loading, [f"{which} it: {'; '.join(changes)}"], "Load it with `--schema evolve`.")
    reasons = ", ".join(
        [f"CASE WHEN {quoted(name)} IS NOT NULL THEN {literal(f'{name} is no column of the table')} END"
         for name in against.change.added]
        + [f"CASE WHEN {fits[name].broken} THEN {literal(f'{name} is no {kind}')} END"
           for name, kind in against.standing.items() if fits[name].broken != "FALSE"]
    )  # fmt: skip
    given = ", ".join(quoted(name) for name in against.given)
    rows = connection.execute(
        f"SELECT to_json(struct_pack({', '.join(f'{quoted(n)} := {quoted(n)}' for n in against.given)})), "
        f"concat_ws('; ', {reasons or 'NULL'}) FROM (SELECT {given} FROM own WHERE {_any(against, fits)})"
    ).fetchall()
    return [{"line": None, "raw": str(raw), "reason": str(reason)} for raw, reason in rows]


def _any(against: Against, fits: dict[str, Fit]) -> str:
    conditions = [fitted.broken for name, fitted in fits.items() if fitted.broken != "FALSE" and name in against.given]
    conditions += [f"{quoted(name)} IS NOT NULL" for name in against.change.added]
    return " OR ".join(f"({one})" for one in conditions) or "FALSE"


def _kept(against: Against, fits: dict[str, Fit]) -> str:
    return f"NOT coalesce({_any(against, fits)}, false)"


def _again(
    call: Call, loading: Loading, processed: Processed, fits: dict[str, Fit], condition: str, against: Against,
    connection: duckdb.DuckDBPyConnection, report: Report,
) -> Processed:  # fmt: skip
    """A pass over the rows that keep to the schema, in its types: what it finds is what will stand."""
    fitting = call.runtime.settings.folder("tmp") / f"{loading.load_id}.fitting.parquet"
    values = ", ".join(f"{fitted.value} AS {quoted(name)}" for name, fitted in fits.items())
    try:
        connection.execute(
            f"COPY (SELECT {values} FROM own WHERE {condition}) TO {literal(str(fitting))} (FORMAT parquet)"
        )
        sources = [*standing_files(call, loading), fitting] if loading.append else [fitting]
        found = process(sources, against.staged, Options("parquet"), temporary=fitting.parent, report=report,
                        called=loading.source)  # fmt: skip
    finally:
        fitting.unlink(missing_ok=True)
    # A note on a column's type is true of the last pass alone; every other deviation is the file's.
    for kind, count in processed.deviation_counts.items():
        if kind != TYPE_NOTE:
            found.deviation_counts[kind] = count
    found.deviations += [one for one in processed.deviations if one["kind"] != TYPE_NOTE]
    found.rejected, found.rejected_rows, found.dialect = processed.rejected, processed.rejected_rows, processed.dialect
    return found


def _never_named(call: Call, loading: Loading, against: Against) -> list[str]:
    """The standing columns that the file's own head lacks: beside the standing rows they only look empty."""
    if not loading.append:
        return []
    with own_rows(against.staged, against.own_from, call.runtime.settings.folder("tmp")) as connection:
        names = [name for name in against.standing if name in against.given]
        counts = connection.execute(f"SELECT {', '.join(f'count({quoted(name)})' for name in names)} FROM own")
        empty = [name for name, count in zip(names, counts.fetchall()[0], strict=True) if not count]
    if not empty:
        return []
    alone = call.runtime.settings.folder("tmp") / f"{new_id()}.alone.parquet"
    try:
        found = process(loading.sources, alone, against.options, temporary=alone.parent, report=lambda _f, _r: None,
                        called=loading.source)  # fmt: skip
    finally:
        alone.unlink(missing_ok=True)
    named = _types(found)
    return [name for name in empty if name not in named]


def _types(processed: Processed) -> dict[str, str]:
    return {one["name"]: one["data_type"] for one in processed.columns}


def _refusal(loading: Loading, faults: list[str], hint: str | None = None) -> SchemaRefused:
    return SchemaRefused(
        f"{loading.source} does not keep to the schema of {loading.name}: {'; '.join(faults)}.",
        hint=hint,
        details={"changes": faults},
    )
