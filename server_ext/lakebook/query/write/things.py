"""Things: what tells them apart, and whether one has rows of another kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from lakebook.query.domain import Domain
from lakebook.query.reading import Has
from lakebook.query.tables import Table, folded
from lakebook.query.terms import Field, Term, Thing
from lakebook.query.write.conditions import Conditions, exists
from lakebook.query.write.scope import Scope, ties
from lakebook.query.write.terms import term
from lakebook.query.write.ways import Path


def is_row(thing: Thing, domain: Domain) -> bool:
    """Whether each row of the thing's table is a thing of its own."""
    if not thing.key:
        return True
    names = {folded(each.column.name) for each in thing.key if isinstance(each, Field)}
    known = [domain.keys.get(thing.table.full_name, ())]
    known += [each.one_columns for each in domain.relationships if each.one.full_name == thing.table.full_name]
    return any(key and {folded(name) for name in key} <= names for key in known)


def has(conditions: Conditions, scope: Scope, condition: Has) -> exp.Expr:
    """Whether the thing that is asked about has such rows."""
    thing = scope.writing.thing or Thing(scope.origin, ())
    found = _exists(conditions, scope, thing, condition, against=False)
    if condition.only:
        found = exp.and_(found, exp.not_(_exists(conditions, scope, thing, condition, against=True)))
        return exp.not_(exp.paren(found)) if condition.negated else found
    return exp.not_(found) if condition.negated else found


class _Had(Scope):
    """Rows that a thing has: fields of their table are theirs, others lie on the way to them or past them."""

    had: Table
    towards: Path = ()

    def path(self, table: Table, role: str = "") -> Path:
        """The way from the thing to a table, by the rows that it has where they lead there."""
        if table.full_name == self.had.full_name and not role:
            return self.towards
        if self.had.full_name != self.origin.full_name:
            direct = super().path(table, role)
            if direct[:1] == self.towards[:1] or not any(step.fans_out for step in direct):
                return direct
        return self.towards + self.writing.ways.path(self.had, table, role)


def _exists(conditions: Conditions, scope: Scope, thing: Thing, condition: Has, *, against: bool) -> exp.Expr:
    """Whether there are rows for which the condition holds or, `against`, does not."""
    offset = scope.path(thing.table, thing.role)
    towards = _towards(scope, thing, condition.of)
    if is_row(thing, scope.writing.domain) and towards:
        step = towards[0]
        inner = _Had(
            scope.writing, step.target, origin=thing.table, first=(step,), outer=scope, offset=offset, free=True
        )
        found = [ties(scope.at(offset), step.source_columns, inner.alias, step.target_columns)]
    else:
        inner = _Had(scope.writing, thing.table, free=True)
        found = []
    inner.had, inner.towards = condition.of.table, towards
    found = found or _same(scope, inner, thing.key)
    inner.need(towards)
    if condition.where is not None:
        such = conditions.all(inner, [condition.where])
        found += [exp.not_(exp.Is(this=exp.paren(exp.and_(*such)), expression=exp.true()))] if against else such
    elif against:
        found.append(exp.false())
    return exists(inner, found)


def _towards(scope: Scope, thing: Thing, had: Thing) -> Path:
    """The way from the thing to the rows that it has."""
    ways = scope.writing.ways
    if thing.table.full_name != had.table.full_name:
        return ways.path(thing.table, had.table, had.role)
    return ways.back_to_itself(thing.table) if is_row(thing, scope.writing.domain) else ()


def _same(scope: Scope, inner: Scope, key: Sequence[Term]) -> list[exp.Expr]:
    bare = [replace(each, role="") if isinstance(each, Field) else each for each in key]
    return [
        exp.EQ(this=term(inner, theirs), expression=term(scope, ours)) for ours, theirs in zip(key, bare, strict=True)
    ]
