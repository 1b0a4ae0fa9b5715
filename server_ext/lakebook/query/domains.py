"""The domain of a caller's questions, from the catalogue: tables at their versions, keys, what ties them, models."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lakebook.errors import NotFound, nearest_name
from lakebook.query.domain import Domain, Relationship
from lakebook.query.tables import Column, Table, find_table, folded
from lakebook.query.tied import inferred
from lakebook.semantics.current import models_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import RowMapping

    from lakebook.call import Call
    from lakebook.catalog.models import ColumnProfile, DataProfile
    from lakebook.semantics.model import SemanticModel

MOST_TABLES, MOST_DOMAINS = 512, 32


@dataclass(frozen=True)
class Known:
    """A table with what its load said of it: keys and foreign keys (columns, table, its columns)."""

    table: Table
    declared_key: tuple[str, ...]
    found_keys: tuple[tuple[str, ...], ...]
    references: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...]


def domain_of(call: Call, scope: Sequence[str] | None = None) -> Domain:
    """What the caller may ask about, of these datasets or of all; raises NotFound where one is not there."""
    domain = _whole(call)
    return domain if not scope else domain.among(_named(domain.tables, scope))


def tables_of(call: Call) -> list[Table]:
    """Every table that the caller may read, at its current version."""
    return [known.table for known in _standing(call)]


_lock = threading.Lock()
_tables: OrderedDict[tuple[object, ...], Known] = OrderedDict()
_domains: OrderedDict[tuple[object, ...], Domain] = OrderedDict()


def _whole(call: Call) -> Domain:
    standing = _standing(call)
    models = models_for(call)
    key = (tuple(id(known) for known in standing), tuple(id(model) for model in models))
    with _lock:
        held = _domains.get(key)
    if held is not None and all(one is known.table for one, known in zip(held.tables, standing, strict=True)):
        return held
    made = _domain(standing, models)
    with _lock:
        _domains[key] = made
        while len(_domains) > MOST_DOMAINS:
            _domains.popitem(last=False)
    return made


def _standing(call: Call) -> list[Known]:
    """The datasets at their current versions; what is known of a version is read once."""
    found = []
    for row in _rows(call):
        key = (call.runtime.database.address, row["dataset_id"], row["version"], row["layer"], row["name"])
        with _lock:
            known = _tables.get(key)
        if known is None:
            known = _known(call, row)
            with _lock:
                known = _tables.setdefault(key, known)
                while len(_tables) > MOST_TABLES:
                    _tables.popitem(last=False)
        found.append(known)
    return [*found, *_elsewhere(call)]


def _elsewhere(call: Call) -> list[Known]:
    """The tables of the engine beside the lake, where one is named: nothing is known of their keys."""
    address = call.runtime.settings.engine
    tables = call.runtime.children.tables_elsewhere() if address else []
    with _lock:
        return [_tables.setdefault((address, table), Known(table, (), (), ())) for table in tables]


def _rows(call: Call) -> Sequence[Mapping[str, Any]]:
    from sqlalchemy import select

    from lakebook.metadata.schema import dataset as d

    columns = (d.c.dataset_id, d.c.version, d.c.layer, d.c.name, d.c.s3_key)
    statement = select(*columns).where(d.c.deleted_at.is_(None)).order_by(d.c.layer, d.c.name_key)
    with call.runtime.database.read() as connection:
        return [dict(row) for row in connection.execute(statement).mappings()]


def _known(call: Call, row: Mapping[str, Any]) -> Known:
    version = call.runtime.catalog.version(row["dataset_id"], row["version"])
    profile = call.runtime.catalog.profile(row["dataset_id"], row["version"])
    report = version["report"] or {}
    table = table_of(call, row, version, profile)
    references = tuple(
        (tuple(one["columns"]), str(one["table"]), tuple(one["table_columns"])) for one in report.get("references", [])
    )
    return Known(table, tuple(report.get("keys", [])), _single(profile), references)


def table_of(call: Call, row: Mapping[str, Any], version: RowMapping, profile: DataProfile) -> Table:
    """A dataset at a version as questions see it; `row` holds its id, version, layer, name and folder."""
    return Table(
        name=row["name"],
        layer=row["layer"],
        dataset_id=row["dataset_id"],
        version=row["version"],
        row_count=version["row_count"],
        files=call.runtime.lake.paths(row["s3_key"], list(version["files"])),
        columns=tuple(_column_of(column) for column in profile.columns),
    )


def _column_of(column: ColumnProfile) -> Column:
    return Column(
        name=column.name,
        data_type=column.data_type,
        label=column.label,
        unique_count=column.unique_count,
        null_count=column.null_count,
        min=column.min_value,
        max=column.max_value,
        top_values=tuple(value for value, _ in column.top_values),
    )


def _single(profile: DataProfile) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(key) for key in profile.keys)


def _named(tables: Sequence[Table], scope: Sequence[str]) -> list[Table]:
    found = []
    for name in scope:
        layer, _, bare = name.rpartition(".")
        table = find_table(tables, bare, layer) if layer else None
        table = table or find_table(tables, name) or next((one for one in tables if one.dataset_id == name), None)
        if table is None:
            raise _not_there(tables, name)
        found.append(table)
    return found


def _not_there(tables: Sequence[Table], name: str) -> NotFound:
    layers = sorted(table.layer for table in tables if folded(table.name) == folded(name))
    if len(layers) > 1:
        hint = f"Say which: {' or '.join(f'{layer}.{name}' for layer in layers)}."
        return NotFound(f"Several datasets are called {name!r}.", hint=hint, details={"name": name, "layers": layers})
    nearest = nearest_name(name, [table.name for table in tables])
    hint = f"Did you mean {nearest!r}?" if nearest else "List the datasets first: `lakebook datasets`."
    return NotFound(f"No dataset is called {name!r}.", hint=hint, details={"name": name, "nearest": nearest})


def _domain(standing: Sequence[Known], models: tuple[SemanticModel, ...]) -> Domain:
    tables = [known.table for known in standing]
    keys: dict[str, tuple[str, ...]] = {}
    for known in standing:
        keys[known.table.full_name] = known.declared_key
    for model in models:
        for dataset in model.datasets:
            table = _source(tables, dataset.source)
            if table is not None and dataset.primary_key:
                keys[table.full_name] = keys[table.full_name] or dataset.primary_key
    for known in standing:
        keys[known.table.full_name] = keys[known.table.full_name] or next(iter(known.found_keys), ())
    declared = [*_declared(standing, tables), *_modelled(models, tables)]
    ties = (*declared, *inferred(tables, keys, declared))
    return Domain(tuple(tables), ties, models, {name: key for name, key in keys.items() if key})


def _declared(standing: Sequence[Known], tables: Sequence[Table]) -> list[Relationship]:
    found = []
    for known in standing:
        for columns, other, other_columns in known.references:
            one = find_table(tables, other, known.table.layer) or find_table(tables, other)
            if one is not None and len(columns) == len(other_columns):
                found += _tie(known.table, columns, one, other_columns)
    return found


def _modelled(models: Sequence[SemanticModel], tables: Sequence[Table]) -> list[Relationship]:
    found = []
    for model in models:
        sources = {folded(dataset.name): dataset.source for dataset in model.datasets}
        for each in model.relationships:
            many = _source(tables, sources.get(folded(each.from_dataset), ""))
            one = _source(tables, sources.get(folded(each.to_dataset), ""))
            if many is not None and one is not None:
                found += _tie(many, each.from_columns, one, each.to_columns)
    return found


def _tie(many: Table, columns: Sequence[str], one: Table, other_columns: Sequence[str]) -> list[Relationship]:
    """The relationship in the tables' own spelling; none where a column is not there any more."""
    left = [_column(many, name) for name in columns]
    right = [_column(one, name) for name in other_columns]
    if None in left or None in right or not left:
        return []
    return [Relationship(many, tuple(map(str, left)), one, tuple(map(str, right)))]


def _column(table: Table, name: str) -> str | None:
    return next((column.name for column in table.columns if folded(column.name) == folded(name)), None)


def _source(tables: Sequence[Table], source: str) -> Table | None:
    layer, _, name = source.rpartition(".")
    return (find_table(tables, name, layer) if layer else None) or find_table(tables, source)
