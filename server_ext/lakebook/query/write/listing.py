"""Rows one by one, or the different values that they have."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from lakebook.errors import NotConnected
from lakebook.query.reading import Reading
from lakebook.query.tables import Table
from lakebook.query.terms import Field, Term
from lakebook.query.write.bridges import different, known
from lakebook.query.write.layout import Layout
from lakebook.query.write.names import distinct_names, term_name
from lakebook.query.write.order import Sort, in_order
from lakebook.query.write.scope import Scope, Writing, identifier
from lakebook.query.write.terms import leaves, sort_key, term
from lakebook.query.write.things import is_row


def listing(writing: Writing, reading: Reading) -> exp.Select:
    """The statement of a reading without figures."""
    columns = _columns(reading)
    orders = [each.by for each in reading.order if isinstance(each.by, Term)]
    subject = [reading.subject.table] if reading.subject else []
    of_terms = [each.table for of in (*columns, *orders, *reading.each) for each in leaves(of)]
    scope = Scope(writing, base_for(writing, [*subject, *of_terms], of_terms))
    layout = Layout(writing, reading.where)
    found = layout.conditions.all(scope, [reading.where]) if reading.where else []
    singled = reading.distinct or not _rows_are_things(writing, reading, scope.root)
    keys = _keys(reading) if singled else []
    if reading.subject and not reading.distinct and singled:
        for each in reading.subject.key:
            found += known(scope, each, term(scope, each))
    elif reading.distinct and len(columns) == 1:
        found += known(scope, columns[0], term(scope, columns[0]))
    trees = [term(scope, each) for each in columns]
    alone = len({each.table.full_name for of in columns for each in leaves(of)} | {scope.root.full_name}) < 2
    names = distinct_names([term_name(each, alone=alone) for each in columns])
    key_trees = [term(scope, each) for each in keys]
    sorts = _sorts(scope, reading, singled, keys, columns)
    ties = [Sort(sort_key(each, tree)) for each, tree in zip(columns, trees, strict=True)]
    parts = [term(scope, each) for each in reading.each]
    if not singled:
        ties = _row_order(writing, scope) or ties
    select = scope.source(exp.Select())
    select = select.where(*different(found)) if found else select
    for tree, name in zip(trees, names, strict=True):
        own = isinstance(tree, exp.Column) and tree.name == name
        select = select.select(tree.copy() if own else exp.alias_(tree.copy(), identifier(name)))
    if not columns:
        ties = ties or _by_all(scope)
        select = select.select(exp.Column(this=exp.Star(), table=identifier(scope.alias)))
    if singled:
        select = select.group_by(*(tree.copy() for tree in different([*trees, *key_trees])))
        ties += [Sort(tree) for tree in key_trees]
    return in_order(select, [*sorts, *ties], reading.limit, parts)


def base_for(writing: Writing, candidates: Sequence[Table], reached: Sequence[Table]) -> Table:
    """The first table with one row of each of the others for a row of its own."""
    troubles: list[NotConnected] = []
    for table in candidates:
        try:
            paths = [writing.ways.path(table, other) for other in reached]
        except NotConnected as trouble:
            troubles.append(trouble)
            continue
        if not any(step.fans_out for path in paths for step in path):
            return table
    if troubles:
        raise troubles[0]
    raise NotConnected(f"No table has one row for each of {' and '.join(sorted({each.name for each in reached}))}.")


def _columns(reading: Reading) -> tuple[Term, ...]:
    if reading.columns or reading.subject is None:
        return reading.columns
    return reading.subject.labels or (reading.subject.key if not _is_whole(reading) else ())


def _is_whole(reading: Reading) -> bool:
    return reading.subject is None or not reading.subject.key


def _rows_are_things(writing: Writing, reading: Reading, table: Table) -> bool:
    """Whether a row of the statement is one of what is listed."""
    subject = reading.subject
    return subject is None or subject.table.full_name != table.full_name or is_row(subject, writing.domain)


def _keys(reading: Reading) -> list[Term]:
    return [] if reading.distinct or reading.subject is None else list(reading.subject.key)


def _sorts(scope: Scope, reading: Reading, singled: bool, keys: Sequence[Term], columns: Sequence[Term]) -> list[Sort]:
    """The order asked for; where several rows become one it goes by the first of their values."""
    sorts = []
    for order in reading.order:
        if not isinstance(order.by, Term):
            continue
        tree = sort_key(order.by, term(scope, order.by))
        if singled and order.by not in columns and order.by not in keys:
            tree = exp.Max(this=tree) if order.descending else exp.Min(this=tree)
        sorts.append(Sort(tree, order.descending))
    return sorts


def _row_order(writing: Writing, scope: Scope) -> list[Sort]:
    """Rows in the order of their key; without one nothing is said."""
    return [Sort(scope.column(scope.root, name)) for name in writing.domain.keys.get(scope.root.full_name, ())]


def _by_all(scope: Scope) -> list[Sort]:
    """Whole rows in the order of everything that they hold."""
    return [Sort(term(scope, Field(scope.root, column))) for column in scope.root.columns if not column.is_nested]
