"""Groups past a fan: the different groups of each row are found first, so that a row counts once in each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from lakebook.errors import NotConnected
from lakebook.query.reading import Condition, Has
from lakebook.query.terms import Field, Term
from lakebook.query.write.conditions import Conditions, fans_of
from lakebook.query.write.keys import Key
from lakebook.query.write.scope import Scope, column, ties
from lakebook.query.write.terms import grouped, leaves, path_of, term
from lakebook.query.write.ways import Path


@dataclass
class _Bridge:
    alias: str
    keys: list[int] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)


class Bridges:
    """The groups of a block that lie past a fan, and the conditions that speak of the same rows as they do."""

    def __init__(self, scope: Scope, keys: Sequence[Key], conditions: Sequence[Condition]) -> None:
        self._scope = scope
        self._keys = keys
        self._bridges: dict[Path, _Bridge] = {}
        self.others: list[Condition] = []
        for place, key in enumerate(keys):
            fans = {fan for each in leaves(key.term) if (fan := scope.fan(path_of(scope, each))) is not None}
            if len(fans) > 1:
                raise NotConnected("One group speaks of rows that do not belong together.")
            for fan in fans:
                if fan not in self._bridges:
                    self._bridges[fan] = _Bridge(scope.writing.name("bridge"))
                self._bridges[fan].keys.append(place)
        for condition in conditions:
            fans = fans_of(scope, condition)
            bridge = self._bridges.get(next(iter(fans))) if len(fans) == 1 and not isinstance(condition, Has) else None
            (self.others if bridge is None else bridge.conditions).append(condition)

    def key(self, place: int) -> exp.Expr | None:
        """The key at this place where it lies past a fan."""
        for bridge in self._bridges.values():
            if place in bridge.keys:
                return column(bridge.alias, f"key_{place + 1}")
        return None

    def joins(self, written: Conditions) -> list[tuple[exp.Expr, exp.Expr]]:
        """What to join for the groups, and on which condition."""
        return [self._join(written, fan, bridge) for fan, bridge in self._bridges.items()]

    def _join(self, written: Conditions, fan: Path, bridge: _Bridge) -> tuple[exp.Expr, exp.Expr]:
        step, scope = fan[-1], self._scope
        inner = Scope(scope.writing, step.target, origin=scope.origin, first=fan, free=True)
        pairs = [exp.alias_(column(inner.alias, name), name, quoted=True) for name in step.target_columns]
        found = written.all(inner, bridge.conditions)
        for place in bridge.keys:
            key = self._keys[place]
            tree = term(inner, key.term)
            pairs.append(exp.alias_(tree, f"key_{place + 1}"))
            if key.needed:
                found += known(inner, key.term, tree)
        groups = inner.source(exp.Select()).select(*pairs).distinct()
        groups = groups.where(*found) if found else groups
        tie = ties(scope.at(fan[:-1]), step.source_columns, bridge.alias, step.target_columns)
        return groups.subquery(bridge.alias), tie


def different(trees: Sequence[exp.Expr]) -> list[exp.Expr]:
    """The expressions, each once."""
    return list({tree.sql("duckdb"): tree for tree in trees}.values())


def known(scope: Scope, of: Term, tree: exp.Expr) -> list[exp.Expr]:
    """Leave rows out for which the term has no value; returns the conditions that this takes besides the joins."""
    parts = list(leaves(of))
    for each in parts:
        scope.need(path_of(scope, each))
    if isinstance(of, Field) and (path := path_of(scope, of)) and of.column.name in path[-1].target_columns:
        return []
    value = term(scope, parts[0]) if len(parts) == 1 else tree.copy()
    return [exp.not_(exp.Is(this=grouped(value), expression=exp.Null()))]
