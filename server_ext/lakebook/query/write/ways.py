"""How rows of one table lead to rows of another: along relationships, the shortest way, declared before inferred."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from lakebook.errors import NotConnected, SeveralWays
from lakebook.query.domain import Domain, Relationship
from lakebook.query.tables import Table, folded

MOST_STEPS = 5


@dataclass(frozen=True, eq=False)
class Step:
    """From a row of `source` to the row (or, where it fans out, the rows) of `target` with equal columns."""

    source: Table
    source_columns: tuple[str, ...]
    target: Table
    target_columns: tuple[str, ...]
    fans_out: bool
    declared: bool


Path = tuple[Step, ...]


class Ways:
    """Finds the way from table to table in a domain."""

    def __init__(self, domain: Domain) -> None:
        self._from: dict[str, list[Step]] = defaultdict(list)
        self._own: dict[str, tuple[Step, Step]] = {}
        self._found: dict[tuple[str, str, str], Path] = {}
        for each in _once(domain.relationships):
            there = Step(each.many, each.many_columns, each.one, each.one_columns, False, each.declared)
            back = Step(each.one, each.one_columns, each.many, each.many_columns, True, each.declared)
            if each.many.full_name == each.one.full_name:
                self._own.setdefault(each.many.full_name, (there, back))
            else:
                self._from[each.many.full_name].append(there)
                self._from[each.one.full_name].append(back)

    def path(self, source: Table, target: Table, role: str = "") -> Path:
        """The steps from `source` to `target`; raises NotConnected, SeveralWays.

        A role names one of several relationships by the columns that carry them, or a table beside itself.
        """
        key = (source.full_name, target.full_name, role)
        if key not in self._found:
            self._found[key] = self._search(source, target, role)
        return self._found[key]

    def back_to_itself(self, table: Table) -> Path:
        """From a row to the rows of the same table that name it ("who reports to her")."""
        own = self._own.get(table.full_name)
        if own is None:
            raise NotConnected(f"Rows of {table.name} do not name other rows of {table.name}.")
        return (own[1],)

    def _search(self, source: Table, target: Table, role: str) -> Path:
        found: list[Path] = [()]
        if source.full_name != target.full_name:
            found = self._shortest(source, target, declared=True) or self._shortest(source, target, declared=False)
        if not found:
            raise NotConnected(f"Nothing ties rows of {source.name} to rows of {target.name}.")
        if role:
            named = [path for path in found if path and _carries(path[-1], role)]
            own = self._own.get(target.full_name)
            if len(named) == 1:
                return named[0]
            if len(found) == 1 and own is not None:
                return (*found[0], own[0])
        return _only(found, source, target)

    def _shortest(self, source: Table, target: Table, *, declared: bool) -> list[Path]:
        """Every shortest way that turns back the least."""
        front: list[Path] = [()]
        for _ in range(MOST_STEPS):
            front = [(*path, step) for path in front for step in self._next(path, source, declared)]
            arrived = [path for path in front if path[-1].target.full_name == target.full_name]
            if arrived:
                least = min(_turns(path) for path in arrived)
                return [path for path in arrived if _turns(path) == least]
        return []

    def _next(self, path: Path, source: Table, declared: bool) -> list[Step]:
        here = path[-1].target if path else source
        been = {source.full_name, *(step.target.full_name for step in path)}
        steps = self._from[here.full_name]
        return [step for step in steps if step.target.full_name not in been and (step.declared or not declared)]


def _once(relationships: Sequence[Relationship]) -> list[Relationship]:
    """The relationships without those said twice; a declared one stands for an inferred one."""
    kept: dict[tuple[object, ...], Relationship] = {}
    for each in sorted(relationships, key=lambda one: not one.declared):
        pairs = frozenset(zip(map(folded, each.many_columns), map(folded, each.one_columns), strict=True))
        kept.setdefault((each.many.full_name, each.one.full_name, pairs), each)
    return list(kept.values())


def _turns(path: Path) -> int:
    return sum(step.fans_out for step in path)


def _carries(step: Step, role: str) -> bool:
    columns = step.target_columns if step.fans_out else step.source_columns
    return any(folded(role).replace(" ", "") in folded(column).replace("_", "") for column in columns)


def _only(found: Sequence[Path], source: Table, target: Table) -> Path:
    if len(found) == 1:
        return found[0]
    ways = sorted(_in_words(path) for path in found)
    raise SeveralWays(
        f"Rows of {source.name} lead to rows of {target.name} in {len(found)} ways.", details={"ways": ways}
    )


def _in_words(path: Path) -> str:
    steps = []
    for step in path:
        columns = step.target_columns if step.fans_out else step.source_columns
        steps.append(f"{step.target.name} by {' and '.join(columns)}")
    return ", ".join(steps)
