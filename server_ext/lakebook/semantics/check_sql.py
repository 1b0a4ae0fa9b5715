"""Whether the SQL of a field is a value of a row, and that of a metric a figure over rows of the model's datasets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from lakebook import names
from lakebook.errors import nearest_name
from lakebook.semantics.expressions import aggregates_of, columns_of, tree_of
from lakebook.semantics.known import KnownTable
from lakebook.semantics.model import Dataset, Field, Metric, SemanticModel

if TYPE_CHECKING:
    from sqlglot import exp

# A message, and whether it is only worth knowing.
Said = tuple[str, bool]


def field_faults(field: Field, dataset: Dataset, table: KnownTable | None) -> Iterator[Said]:
    """What keeps a field's expression from being a value of each row of its dataset."""
    tree = _readable(field.expression)
    if isinstance(tree, str):
        yield f"Field {field.name}: {tree}", not field.expression
        return
    if aggregates_of(tree):
        yield f"Field {field.name} is a figure over rows; make it a metric.", False
    for column in columns_of(tree):
        if column.table and names.key(column.table) != names.key(dataset.name):
            yield f"Field {field.name} names {column.sql()}, which is not of {dataset.name}.", False
        elif table is not None and not _known(column.name, dataset, table, but=field.name):
            yield _no_column(f"Field {field.name}", column.name, dataset, table, but=field.name), False


def metric_faults(metric: Metric, model: SemanticModel, tables: Mapping[str, KnownTable | None]) -> Iterator[Said]:
    """What keeps a metric's expression from being a figure over the model's datasets."""
    tree = _readable(metric.expression)
    if isinstance(tree, str):
        yield f"Metric {metric.name}: {tree}", not metric.expression
        return
    aggregates = aggregates_of(tree)
    if not aggregates:
        yield f"Metric {metric.name} adds nothing up: its expression holds no aggregate such as SUM.", False
        return
    inside = {id(one) for aggregate in aggregates for one in _within(aggregate)}
    if any(id(one) in inside for one in aggregates):
        yield f"Metric {metric.name} holds an aggregate within an aggregate.", False
    datasets = {names.key(one.name): one for one in reversed(model.datasets)}
    for column in columns_of(tree):
        if id(column) not in inside:
            yield f"Metric {metric.name} names {column.sql()} outside of an aggregate.", False
        yield from _column_faults(metric, column, datasets, tables)
    if not list(columns_of(tree)) and len(model.datasets) > 1:
        yield f"Metric {metric.name} names no column, so it could be of any dataset; name one.", False


def _column_faults(
    metric: Metric, column: exp.Column, datasets: Mapping[str, Dataset], tables: Mapping[str, KnownTable | None]
) -> Iterator[Said]:
    if column.table:
        dataset = datasets.get(names.key(column.table))
        if dataset is None:
            known = [one.name for one in datasets.values()]
            nearest = nearest_name(column.table, known)
            hint = f"; did you mean {nearest}?" if nearest else "."
            yield f"Metric {metric.name} names {column.table}, which is no dataset of the model{hint}", False
            return
    elif len(datasets) == 1:
        dataset = next(iter(datasets.values()))
    else:
        yield f"Metric {metric.name}: say which dataset {column.name} is of.", False
        return
    table = tables.get(names.key(dataset.name))
    if table is not None and not _known(column.name, dataset, table):
        yield _no_column(f"Metric {metric.name}", column.name, dataset, table), False


def _readable(expression: str) -> exp.Expr | str:
    """The expression's tree, or what is wrong with all of it."""
    from sqlglot import exp

    if not expression:
        return "it is given in no SQL dialect, so it is not used."
    tree = tree_of(expression)
    if tree is None:
        return f"{_short(expression)!r} is no SQL expression."
    if tree.find(exp.Query):
        return "it holds a query of its own; only columns and functions are taken."
    if tree.find(exp.Window):
        return "it holds a window function; only plain expressions are taken."
    if tree.find(exp.Placeholder, exp.Parameter):
        return "it holds a placeholder, which nothing fills."
    return tree


def _within(tree: exp.Expr) -> Iterator[exp.Expr]:
    """What stands inside of an aggregate; a FILTER beside it counts as inside."""
    from sqlglot import exp

    outer = tree.parent if isinstance(tree.parent, (exp.Filter, exp.WithinGroup)) else tree
    yield from (one for one in outer.walk() if one is not outer and one is not tree)


def _known(column: str, dataset: Dataset, table: KnownTable, but: str = "") -> bool:
    fields = {names.key(one.name) for one in dataset.fields} - {names.key(but)}
    return table.column(column) is not None or names.key(column) in fields


def _no_column(whose: str, column: str, dataset: Dataset, table: KnownTable, but: str = "") -> str:
    known = [one.name for one in table.columns]
    known += [one.name for one in dataset.fields if names.key(one.name) != names.key(but)]
    nearest = nearest_name(column, known)
    return f"{whose}: {table.name} has no column {column!r}{f'; did you mean {nearest}?' if nearest else '.'}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
