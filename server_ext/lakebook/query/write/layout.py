"""The rows that figures are computed over: every table apart, and joined on the groups where there are several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from lakebook.query.reading import Aggregate, Condition, Figure, Metric, OfTotal, OverGroups
from lakebook.query.tables import Table
from lakebook.query.write.bridges import Bridges, different, known
from lakebook.query.write.conditions import Conditions, flat
from lakebook.query.write.figures import Leaf, aggregated, base_of, combined, leaf, leaves_of
from lakebook.query.write.keys import Key, once, things_needed
from lakebook.query.write.scope import Scope, Writing, column
from lakebook.query.write.terms import number, term
from lakebook.query.write.things import has


@dataclass
class Laid:
    """A statement's FROM and WHERE, its keys and its figures; `ungrouped` where GROUP BY is still to come."""

    select: exp.Select
    keys: list[exp.Expr]
    value: Callable[[Leaf], exp.Expr]
    ungrouped: bool = True

    def grouped(self) -> exp.Select:
        """The statement with its GROUP BY clause."""
        if not self.ungrouped or not self.keys:
            return self.select
        return self.select.group_by(*(key.copy() for key in self.keys))


@dataclass
class _Block:
    """Figures that are computed over the same rows."""

    table: Table
    over: OverGroups | None
    held: list[Leaf]


class Layout:
    """Lays out the rows for the figures of a statement under one condition."""

    def __init__(self, writing: Writing, where: Condition | None) -> None:
        self.writing = writing
        self.where = where
        self.conditions = Conditions(overall=lambda figure: Layout(writing, None).scalar(figure), having=has)

    def scalar(self, figure: Figure) -> exp.Expr:
        """The figure over all rows, as a statement with one value."""
        laid = self.lay([figure], [])
        return laid.select.select(combined(figure, laid.value))

    def lay(self, figures: Sequence[Figure], keys: Sequence[Key], table: Table | None = None) -> Laid:
        """The rows of the figures' tables under these keys; of `table` where there are no figures."""
        blocks = self._blocks(figures)
        if not blocks and table is not None:
            blocks.append(_Block(table, None, []))
        laid = [self._over(each.over, keys) if each.over else self._rows(each, keys) for each in blocks]
        whole = laid[0] if len(laid) == 1 else _joined(self.writing, laid, blocks)
        plain = whole.value

        def value(one: Leaf) -> exp.Expr:
            return exp.Subquery(this=self.scalar(one.figure)) if isinstance(one, OfTotal) else plain(one).copy()

        return Laid(whole.select, whole.keys, value, whole.ungrouped)

    def _blocks(self, figures: Sequence[Figure]) -> list[_Block]:
        blocks: list[_Block] = []
        for found in (each for figure in figures for each in leaves_of(figure)):
            if isinstance(found, OfTotal):
                continue
            over = found if isinstance(found, OverGroups) else None
            base = base_of(found, self.writing.ways)
            same = (each for each in blocks if each.table.full_name == base.full_name and each.over == over)
            block = next(same, None)
            if block is None:
                block = _Block(base, over, [])
                blocks.append(block)
            if found not in block.held:
                block.held.append(found)
        return blocks

    def _rows(self, block: _Block, keys: Sequence[Key]) -> Laid:
        scope = Scope(self.writing, block.table)
        bridges = Bridges(scope, keys, list(flat([self.where] if self.where else [])))
        found = self.conditions.all(scope, bridges.others)
        trees: list[exp.Expr] = []
        for place, key in enumerate(keys):
            bridged = bridges.key(place)
            trees.append(bridged or term(scope, key.term))
            if key.needed and bridged is None:
                found += known(scope, key.term, trees[-1])
        values = [leaf(self.conditions, scope, each) for each in block.held if isinstance(each, Aggregate | Metric)]
        joins = bridges.joins(self.conditions)
        select = scope.source(exp.Select())
        for groups, tie in joins:
            select = select.join(groups, on=tie)
        select = select.where(*different(found)) if found else select
        return Laid(select, trees, lambda one: values[block.held.index(one)])

    def _over(self, over: OverGroups, keys: Sequence[Key]) -> Laid:
        """The figure for each of the inner groups first, then the figure of these."""
        inner_keys = once([*keys, *things_needed(over.groups)])
        laid = self.lay([over.figure], inner_keys)
        names = [f"key_{place}" for place in range(1, len(inner_keys) + 1)]
        select = laid.grouped()
        for tree, name in zip(laid.keys, names, strict=True):
            select = select.select(exp.alias_(tree.copy(), name))
        select = select.select(exp.alias_(combined(over.figure, laid.value), "figure"))
        alias = self.writing.name("single")
        outer = exp.Select().from_(select.subquery(alias))
        value = aggregated(over.kind, column(alias, "figure"))
        return Laid(outer, [column(alias, name) for name in names[: len(keys)]], lambda one: value)


def _joined(writing: Writing, laid: Sequence[Laid], blocks: Sequence[_Block]) -> Laid:
    """One row for each group that any of the blocks has."""
    held = [one for block in blocks for one in block.held]
    if not laid[0].keys:
        parts = zip(laid, blocks, strict=True)
        single = [exp.Subquery(this=part.select.select(part.value(one))) for part, block in parts for one in block.held]
        return Laid(exp.Select(), [], lambda one: single[held.index(one)], ungrouped=False)
    aliases = [writing.name("part") for _ in laid]
    names = [f"key_{place + 1}" for place in range(len(laid[0].keys))]
    figures = {}
    select = exp.Select()
    keys: list[exp.Expr] = []
    for part, block, alias in zip(laid, blocks, aliases, strict=True):
        inner = part.grouped()
        for tree, name in zip(part.keys, names, strict=True):
            inner = inner.select(exp.alias_(tree.copy(), name))
        for place, one in enumerate(block.held, 1):
            inner = inner.select(exp.alias_(part.value(one), f"figure_{place}"))
            figures[held.index(one)] = _counted(one, column(alias, f"figure_{place}"))
        theirs: list[exp.Expr] = [column(alias, name) for name in names]
        if not keys:
            select, keys = select.from_(inner.subquery(alias)), theirs
            continue
        pairs = zip(keys, theirs, strict=True)
        same = exp.and_(*(exp.NullSafeEQ(this=one.copy(), expression=other.copy()) for one, other in pairs))
        select = select.join(inner.subquery(alias), on=same, join_type="full")
        keys = [_first(one, other) for one, other in zip(keys, theirs, strict=True)]
    return Laid(select, keys, lambda one: figures[held.index(one)], ungrouped=False)


def _counted(one: Leaf, value: exp.Expr) -> exp.Expr:
    """A group that only another table has counts no rows in this one."""
    counts = isinstance(one, Aggregate) and one.kind in ("rows", "distinct")
    return exp.Coalesce(this=value, expressions=[number(0)]) if counts else value


def _first(one: exp.Expr, other: exp.Expr) -> exp.Expr:
    known_ones = one.expressions if isinstance(one, exp.Coalesce) else []
    return exp.Coalesce(this=one.this if known_ones else one, expressions=[*known_ones, other])
