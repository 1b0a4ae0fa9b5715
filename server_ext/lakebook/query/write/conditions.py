"""Conditions of a reading as expressions; what would multiply rows becomes EXISTS."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sqlglot import exp

from lakebook.errors import NotConnected
from lakebook.query.reading import (
    Among,
    Beside,
    Compare,
    Condition,
    Either,
    Every,
    Figure,
    Has,
    Like,
    Missing,
    Named,
    Within,
)
from lakebook.query.tables import Table
from lakebook.query.terms import Term
from lakebook.query.write.scope import Scope, ties
from lakebook.query.write.terms import column_of, grouped, leaves, literal, path_of, term
from lakebook.query.write.ways import Path

COMPARISONS: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


class Conditions:
    """Writes conditions; `overall` writes the figure that a row stands beside, and `having` what a thing must have."""

    def __init__(
        self, overall: Callable[[Figure], exp.Expr], having: Callable[[Conditions, Scope, Has], exp.Expr]
    ) -> None:
        self._overall = overall
        self._having = having

    def where(self, select: exp.Select, scope: Scope, condition: Condition | None) -> exp.Select:
        """The statement with the condition in its WHERE clause."""
        found = self.all(scope, [condition]) if condition is not None else []
        return select.where(*found) if found else select

    def all(self, scope: Scope, conditions: Sequence[Condition]) -> list[exp.Expr]:
        """Every condition; those about the same other rows hold of one and the same of them."""
        plain: list[exp.Expr] = []
        fanned: dict[Path, list[Condition]] = {}
        for each in flat(conditions):
            fans = fans_of(scope, each)
            if not fans:
                plain.append(self.one(scope, each))
            elif len(fans) == 1:
                fanned.setdefault(fans.pop(), []).append(each)
            elif isinstance(each, Either):
                plain.append(self._either(scope, each))
            else:
                raise NotConnected("One condition speaks of rows that do not belong together.")
        return plain + [self._exists(scope, fan, those) for fan, those in fanned.items()]

    def one(self, scope: Scope, condition: Condition) -> exp.Expr:
        """A condition that needs no other rows than those the scope can join."""
        match condition:
            case Every():
                return _whole(exp.and_(*self.all(scope, condition.conditions)))
            case Either():
                return self._either(scope, condition)
            case Has():
                return self._having(self, scope, condition)
            case Beside():
                figure = exp.paren(self._overall(condition.figure))
                return COMPARISONS[condition.operator](this=grouped(term(scope, condition.term)), expression=figure)
            case _:
                return _of_row(scope, condition)

    def _either(self, scope: Scope, condition: Either) -> exp.Expr:
        parts = [_whole(exp.and_(*self.all(scope, [each]))) for each in condition.conditions]
        return exp.paren(exp.or_(*parts))

    def _exists(self, scope: Scope, fan: Path, conditions: Sequence[Condition]) -> exp.Expr:
        """Whether there is a row past the fan for which all the conditions hold."""
        step = fan[-1]
        before = scope.at(fan[:-1])
        inner = Scope(scope.writing, step.target, origin=scope.origin, first=fan, outer=scope, free=True)
        found = self.all(inner, conditions)
        tie = ties(before, step.source_columns, inner.alias, step.target_columns)
        return exists(inner, [tie, *found])


def exists(inner: Scope, conditions: Sequence[exp.Expr]) -> exp.Expr:
    """Whether the scope has a row under these conditions."""
    return exp.Exists(this=inner.source(exp.select("1")).where(*conditions))


def flat(conditions: Sequence[Condition]) -> Iterator[Condition]:
    """The conditions with each Every taken apart."""
    for each in conditions:
        if isinstance(each, Every):
            yield from flat(each.conditions)
        else:
            yield each


def fans_of(scope: Scope, condition: Condition) -> set[Path]:
    """Where rows of the scope would become several for this condition."""
    return {fan for path in _paths(scope, condition) if (fan := scope.fan(path)) is not None}


def _paths(scope: Scope, condition: Condition) -> Iterator[Path]:
    match condition:
        case Every() | Either():
            for each in condition.conditions:
                yield from _paths(scope, each)
        case Has():
            thing = scope.writing.thing
            if thing is not None:
                yield scope.path(thing.table, thing.role)
        case Compare():
            yield from _term_paths(scope, condition.term)
            if isinstance(condition.value, Term):
                yield from _term_paths(scope, condition.value)
        case _:
            yield from _term_paths(scope, condition.term)


def _term_paths(scope: Scope, of: Term) -> Iterator[Path]:
    return (path_of(scope, leaf) for leaf in leaves(of))


def tables_of(condition: Condition | None) -> Iterator[Table]:
    """The tables that the terms of a condition are of; not those that a thing merely has rows of."""
    match condition:
        case None | Has():
            return
        case Every() | Either():
            for each in condition.conditions:
                yield from tables_of(each)
        case Compare():
            yield from (leaf.table for leaf in leaves(condition.term))
            if isinstance(condition.value, Term):
                yield from (leaf.table for leaf in leaves(condition.value))
        case _:
            yield from (leaf.table for leaf in leaves(condition.term))


def _of_row(scope: Scope, condition: Compare | Among | Like | Missing | Within | Named) -> exp.Expr:
    value = grouped(term(scope, condition.term))
    match condition:
        case Compare():
            return _compare(scope, condition, value)
        case Among():
            return _among(condition, value)
        case Like():
            return _negated(_like(condition, value), condition.negated)
        case Missing():
            return _negated(exp.Is(this=value, expression=exp.Null()), condition.negated)
        case Within():
            return _within(condition, value)
        case Named():
            return _negated(value, condition.negated)


def _compare(scope: Scope, condition: Compare, value: exp.Expr) -> exp.Expr:
    other = condition.value
    right = grouped(term(scope, other)) if isinstance(other, Term) else literal(other, condition.term)
    return COMPARISONS[condition.operator](this=value, expression=right)


def _among(condition: Among, value: exp.Expr) -> exp.Expr:
    texts = [literal(each, condition.term) for each in condition.values]
    if len(texts) == 1:
        kind = exp.NEQ if condition.negated else exp.EQ
        found: exp.Expr = kind(this=value, expression=texts[0])
    else:
        found = _negated(exp.In(this=value, expressions=texts), condition.negated)
    if condition.negated and condition.unknown_too:
        return exp.paren(exp.or_(exp.Is(this=value.copy(), expression=exp.Null()), found))
    return found


def _like(condition: Like, value: exp.Expr) -> exp.Expr:
    text = condition.text
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    before = "" if condition.kind == "starts" else "%"
    after = "" if condition.kind == "ends" else "%"
    column = column_of(condition.term)
    if column is not None and not column.is_text:
        value = exp.cast(value, exp.DataType.Type.TEXT)
    if condition.kind == "ends":
        value = exp.Trim(this=value, position="TRAILING")  # blanks that nobody sees end no word
    found: exp.Expr = exp.ILike(this=value, expression=exp.Literal.string(f"{before}{text}{after}"))
    return found if text == condition.text else exp.Escape(this=found, expression=exp.Literal.string("\\"))


def _within(condition: Within, value: exp.Expr) -> exp.Expr:
    period = condition.period
    bounds: list[exp.Expr] = []
    if period.start is not None:
        bounds.append(exp.GTE(this=value, expression=literal(period.start, condition.term)))
    if period.end is not None:
        bounds.append(exp.LT(this=value.copy(), expression=literal(period.end, condition.term)))
    return _negated(exp.and_(*bounds), condition.negated)


def _negated(found: exp.Expr, negated: bool) -> exp.Expr:
    return exp.not_(_whole(found)) if negated else found


def _whole(found: exp.Expr) -> exp.Expr:
    return exp.paren(found) if isinstance(found, exp.Connector) else found
