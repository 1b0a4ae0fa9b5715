"""How tables belong together: keys, labels, times, and how far one table is from another."""

from __future__ import annotations

import heapq
from collections import defaultdict

from lakebook.query.domain import Domain
from lakebook.query.parse.lexicon.nouns import FIRST_NAMES, IDENTIFIERS, LAST_NAMES, NAMES
from lakebook.query.parse.words import parts, stems
from lakebook.query.tables import Column, Table, folded
from lakebook.query.terms import Field, Thing

# A step from many rows to the one they belong to costs less than the way back.
TO_ONE, TO_MANY = 1.0, 1.4


class Graph:
    """The tables of a domain and the ways between them."""

    def __init__(self, domain: Domain) -> None:
        self.tables = domain.tables
        self._keys = {folded(name): key for name, key in domain.keys.items()}
        self._steps: dict[str, list[tuple[str, float]]] = defaultdict(list)
        self.links = domain.relationships
        for link in domain.relationships:
            if link.many.full_name != link.one.full_name:
                weight = 0.0 if link.declared else 0.3
                self._steps[link.many.full_name].append((link.one.full_name, TO_ONE + weight))
                self._steps[link.one.full_name].append((link.many.full_name, TO_MANY + weight))
        for model in domain.models:
            for dataset in model.datasets:
                for table in domain.tables:
                    if dataset.primary_key and folded(table.name) == folded(dataset.source.rsplit(".", 1)[-1]):
                        self._keys.setdefault(folded(table.full_name), dataset.primary_key)
        self._far: dict[str, dict[str, float]] = {}

    def distance(self, start: Table, end: Table) -> float | None:
        """How far the tables are apart; None where no way leads from one to the other."""
        if start.full_name not in self._far:
            self._far[start.full_name] = self._reached(start.full_name)
        return self._far[start.full_name].get(end.full_name)

    def _reached(self, start: str) -> dict[str, float]:
        best = {start: 0.0}
        queue = [(0.0, start)]
        while queue:
            far, name = heapq.heappop(queue)
            for other, weight in self._steps[name]:
                if far + weight < best.get(other, 99.0):
                    best[other] = far + weight
                    heapq.heappush(queue, (far + weight, other))
        return best

    def leads(self, start: Table, end: Table) -> bool:
        """Whether a way of steps from many rows to one leads from a table to the other."""
        seen, left = {start.full_name}, [start.full_name]
        while left:
            here = left.pop()
            for link in self.links:
                if link.many.full_name == here and link.one.full_name not in seen:
                    seen.add(link.one.full_name)
                    left.append(link.one.full_name)
        return end.full_name in seen

    def covers(self, many: Table, one: Table) -> bool:
        """Whether every row of a table has rows of another that leads to it, as far as the numbers of both tell."""
        if many.full_name == one.full_name:
            return True
        for link in self.links:
            if link.many.full_name != many.full_name or link.one.full_name == many.full_name:
                continue
            keys = [column for column in many.columns if (column.name,) == link.many_columns]
            full = any(
                column.unique_count is None or column.unique_count >= (link.one.row_count or 0) for column in keys
            )
            if full and self.leads(link.one, one) and self.covers(link.one, one):
                return True
        return False

    def components(self) -> list[tuple[Table, ...]]:
        """The tables in groups within which ways lead from each to each."""
        left, found = list(self.tables), []
        while left:
            group = tuple(each for each in left if self.distance(left[0], each) is not None)
            found.append(group)
            left = [each for each in left if each not in group]
        return found

    def key(self, table: Table) -> tuple[Column, ...]:
        """The columns that tell the rows of a table apart; none where nothing is known to."""
        for name in (table.full_name, table.name):
            named = self._keys.get(folded(name))
            if named:
                wanted = {folded(each) for each in named}
                return tuple(column for column in table.columns if folded(column.name) in wanted)
        for column in table.columns:
            words = stems(parts(column.name))
            own = stems(parts(table.name))
            unique = column.unique_count == table.row_count and words[-1:] and words[-1] in IDENTIFIERS
            if unique and words[:-1] in ((), own, own[-1:]):
                return (column,)
        days = [column for column in table.columns if column.is_date and column.unique_count == table.row_count]
        return (days[0],) if len(days) == 1 and table.row_count else ()

    def labels(self, table: Table) -> tuple[Column, ...]:
        """The columns whose values people call a row by: the name, the title, the first and last name."""
        text = [column for column in table.columns if column.is_text]
        named = {stems(parts(column.name)): column for column in reversed(text)}
        own = stems(parts(table.name))
        for first in FIRST_NAMES:
            for last in LAST_NAMES:
                if first in named and last in named:
                    return named[first], named[last]
        for name in NAMES:
            for words in (name, (*own, *name), (*own[-1:], *name)):
                if words in named:
                    return (named[words],)
        return ()

    def thing(self, table: Table) -> Thing:
        """The rows of a table as things with a key and labels."""
        key = self.key(table)
        labels = tuple(Field(table, column) for column in self.labels(table))
        return Thing(table, tuple(Field(table, column) for column in key), labels)

    def times(self, table: Table) -> tuple[Column, ...]:
        """The columns of days or points in time."""
        return tuple(column for column in table.columns if column.is_time)

    def parent(self, field: Field) -> Table | None:
        """The table whose key a column holds."""
        for link in self.links:
            if link.many == field.table and link.many_columns == (field.column.name,) and link.one != field.table:
                return link.one
        return None
