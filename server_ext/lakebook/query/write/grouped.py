"""Figures for all rows, or for each group of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from lakebook.errors import NotConnected
from lakebook.query.reading import Figure, Having, OfTotal, Order, Reading
from lakebook.query.tables import Table
from lakebook.query.terms import Term
from lakebook.query.write.conditions import COMPARISONS, tables_of
from lakebook.query.write.figures import base_of, combined, compared, leaves_of
from lakebook.query.write.keys import Key, figures_of, keys_of
from lakebook.query.write.layout import Laid, Layout
from lakebook.query.write.listing import base_for
from lakebook.query.write.names import distinct_names, figure_name, group_name, term_name
from lakebook.query.write.order import Sort, in_order
from lakebook.query.write.scope import Writing, identifier
from lakebook.query.write.terms import leaves, number, sort_key


@dataclass
class Groups:
    """A statement with its groups and figures, before its order: the trees and names of what it shows."""

    select: exp.Select
    laid: Laid
    keys: list[Key]
    names: list[str]
    figure_names: list[str]

    def key(self, of: Term) -> exp.Expr:
        """The key that is this term."""
        return self.laid.keys[next(place for place, key in enumerate(self.keys) if key.term == of)].copy()


def grouped(writing: Writing, reading: Reading) -> exp.Select:
    """The statement of a reading with figures or groups."""
    groups = shown(writing, reading)
    sorts = [_sort(groups, reading, order) for order in reading.order]
    keys = zip(groups.keys, groups.laid.keys, groups.names, strict=True)
    for key, tree, name in sorted(keys, key=lambda each: not each[0].shown):
        sorted_by = sort_key(key.term, tree)
        sorts.append(Sort(sorted_by, name=name if sorted_by is tree else ""))
    sorts = [_spelt(sort, writing) for sort in sorts]
    return in_order(groups.select, sorts, reading.limit, [groups.key(each) for each in reading.each])


def shown(writing: Writing, reading: Reading) -> Groups:
    """The statement with its figures and groups, without order and limit."""
    keys = keys_of(reading)
    figures = figures_of(reading)
    table = None if figures else _table(writing, reading, keys)
    laid = Layout(writing, reading.where).lay(figures, keys, table)
    alone = _alone(writing, figures, keys)
    names = distinct_names(
        [
            *(term_name(key.term, alone=alone) if key.shown else "" for key in keys),
            *(figure_name(each) for each in reading.figures),
        ]
    )
    select = laid.grouped()
    trees = [*laid.keys, *(combined(each, laid.value) for each in reading.figures)]
    for tree, name in zip(trees, names, strict=True):
        select = select.select(_named(tree, name)) if name else select
    for having in reading.having:
        condition = _having(having, laid)
        select = select.having(condition) if laid.ungrouped else select.where(condition)
    return Groups(select, laid, keys, names[: len(keys)], names[len(keys) :])


def counted(writing: Writing, reading: Reading) -> exp.Select:
    """How many groups there are."""
    keys = keys_of(reading)
    figures = figures_of(reading)
    table = None if figures else _table(writing, reading, keys)
    laid = Layout(writing, reading.where).lay(figures, keys, table)
    inner = laid.grouped()
    for place, tree in enumerate(laid.keys, 1):
        inner = inner.select(exp.alias_(tree.copy(), f"key_{place}"))
    for having in reading.having:
        condition = _having(having, laid)
        inner = inner.having(condition) if laid.ungrouped else inner.where(condition)
    name = "_and_".join(group_name(each) for each in reading.groups)
    count = exp.alias_(exp.Count(this=exp.Star(), big_int=True), identifier(f"number_of_{name}"))
    return exp.Select().select(count).from_(inner.subquery(writing.name("one_group")))


def _named(tree: exp.Expr, name: str) -> exp.Expr:
    own = isinstance(tree, exp.Column) and tree.name == name
    return tree.copy() if own else exp.alias_(tree.copy(), identifier(name))


def _spelt(sort: Sort, writing: Writing) -> Sort:
    """By its name in the result only where no column of a table has that name too."""
    taken = {column.name.casefold() for table in writing.domain.tables for column in table.columns}
    own = isinstance(sort.by, exp.Column) and sort.by.name == sort.name
    return sort if own or sort.name.casefold() not in taken else replace(sort, name="")


def _alone(writing: Writing, figures: Sequence[Figure], keys: Sequence[Key]) -> bool:
    """Whether all is of one table, so that names need not say which."""
    tables = {each.table.full_name for key in keys for each in leaves(key.term)}
    below = (each for figure in figures for each in leaves_of(figure) if not isinstance(each, OfTotal))
    return len(tables | {base_of(each, writing.ways).full_name for each in below}) < 2


def _having(having: Having, laid: Laid) -> exp.Expr:
    if not isinstance(having.value, Figure):
        value = combined(having.figure, laid.value)
        return COMPARISONS[having.operator](this=value, expression=number(having.value))
    left, right = compared(having.figure, laid.value), compared(having.value, laid.value)
    return COMPARISONS[having.operator](this=left, expression=right)


def _sort(groups: Groups, reading: Reading, order: Order) -> Sort:
    if isinstance(order.by, Term):
        return Sort(sort_key(order.by, groups.key(order.by)), order.descending)
    name = groups.figure_names[reading.figures.index(order.by)] if order.by in reading.figures else ""
    return Sort(combined(order.by, groups.laid.value), order.descending, name)


def _table(writing: Writing, reading: Reading, keys: Sequence[Key]) -> Table:
    """The rows of a reading that has groups and no figure."""
    tables = [each.table for key in keys for each in leaves(key.term)]
    subject = [reading.subject.table] if reading.subject else []
    try:
        return base_for(writing, [*subject, *tables, *tables_of(reading.where)], tables)
    except NotConnected:
        if all(writing.ways.path(tables[0], other) or other.full_name == tables[0].full_name for other in tables):
            return tables[0]  # what each of its rows leads to is counted once
        raise
