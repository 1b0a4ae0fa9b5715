"""A model as questions use it: sources are tables of the lake, expressions name columns alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from lakebook import names
from lakebook.semantics.expressions import columns_of, tree_of, written_out
from lakebook.semantics.known import Tables
from lakebook.semantics.model import Dataset, Field, Metric, SemanticModel

# A field that is made of fields that are made of fields …
MOST_STEPS = 5


def settled(model: SemanticModel, tables: Tables) -> SemanticModel:
    """The model with `source` as the table's full name, fields of fields written out, and what has no SQL left out."""
    datasets = tuple(_dataset(one, tables) for one in model.datasets)
    by_name = {names.key(one.name): one for one in datasets}
    metrics = tuple(_metric(one, by_name) for one in model.metrics if one.expression)
    return replace(model, datasets=datasets, metrics=metrics)


def _dataset(dataset: Dataset, tables: Tables) -> Dataset:
    table = tables(dataset.source)
    computed = {names.key(one.name): one.expression for one in dataset.fields if one.expression}
    fields = tuple(_field(one, computed) for one in dataset.fields if one.expression)
    return replace(dataset, source=dataset.source if table is None else table.full_name, fields=fields)


def _field(field: Field, computed: Mapping[str, str]) -> Field:
    own = names.key(field.name)

    def expression_of(_dataset: str, column: str) -> str | None:
        # A field named like its column is that column.
        return None if names.key(column) == own else _computed(computed, column)

    return replace(field, expression=_repeated(field.expression, expression_of))


def _metric(metric: Metric, datasets: Mapping[str, Dataset]) -> Metric:
    only = next(iter(datasets.values())) if len(datasets) == 1 else None
    expression = _qualified(metric.expression, only.name) if only else metric.expression

    def expression_of(dataset: str, column: str) -> str | None:
        found = datasets.get(names.key(dataset))
        if found is None:
            return None
        return _computed({names.key(one.name): one.expression for one in found.fields}, column)

    return replace(metric, expression=_repeated(expression, expression_of))


def _computed(computed: Mapping[str, str], column: str) -> str | None:
    """What a field is made of; None for a column and for a field that is one column of the same name."""
    expression = computed.get(names.key(column))
    if expression is None or names.key(expression.replace('"', "")) == names.key(column):
        return None
    return expression


def _repeated(expression: str, expression_of: Callable[[str, str], str | None]) -> str:
    for _ in range(MOST_STEPS):
        further = written_out(expression, expression_of)
        if further == expression:
            break
        expression = further
    return expression


def _qualified(expression: str, dataset: str) -> str:
    """The expression with the dataset before each column that has none."""
    from sqlglot import exp

    tree = tree_of(expression)
    bare = [] if tree is None else [one for one in columns_of(tree) if not one.table]
    for column in bare:
        column.set("table", exp.to_identifier(dataset, quoted=not exp.SAFE_IDENTIFIER_RE.fullmatch(dataset)))
    return tree.sql() if tree is not None and bare else expression
