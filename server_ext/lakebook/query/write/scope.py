"""The rows that a part of the statement looks at: a table, what is joined to it, and which column a field is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sqlglot import exp, tokenize
from sqlglot.tokenizer_core import TokenType

from lakebook.errors import NotConnected
from lakebook.query.domain import Domain
from lakebook.query.tables import Table, folded
from lakebook.query.terms import Thing
from lakebook.query.write.ways import Path, Ways

# Words of the engine that the tokenizer takes for names.
_RESERVED = {
    "AT", "BOTH", "CHECK", "DO", "END", "INITIALLY", "LEADING", "ONLY", "PLACING", "PRIMARY", "SYMMETRIC", "TO",
    "TRAILING", "USER",
}  # fmt: skip


def identifier(name: str) -> exp.Identifier:
    """A name, in quotes where it needs them."""
    return exp.to_identifier(name, quoted=not _is_plain(name))


@lru_cache(4096)
def _is_plain(name: str) -> bool:
    """Whether a name is no word of the language and has no odd sign."""
    if not name.isidentifier() or not name.isascii():
        return False
    found = tokenize(name, read="duckdb")
    return len(found) == 1 and found[0].token_type is TokenType.VAR and name.upper() not in _RESERVED


def column(alias: str, name: str) -> exp.Column:
    """A column of a table in the statement."""
    return exp.column(exp.to_identifier(name, quoted=True), table=identifier(alias))


@dataclass
class Writing:
    """What one statement is written with: the domain, its ways, the names given out, the thing asked about."""

    domain: Domain
    ways: Ways
    thing: Thing | None = None
    given: dict[str, int] = field(default_factory=dict)

    def name(self, wanted: str) -> str:
        """A name that nothing else in the statement has."""
        number = self.given.get(folded(wanted), 0) + 1
        self.given[folded(wanted)] = number
        return wanted if number == 1 else f"{wanted}_{number}"


class Scope:
    """Rows of one table. A path that starts with `first` ends here, any other in the outer scope, past `offset`.

    Joins never double a row: what fans out raises NotConnected, but for `free` scopes, whose rows are only looked for.
    """

    def __init__(
        self,
        writing: Writing,
        root: Table,
        *,
        origin: Table | None = None,
        first: Path = (),
        outer: Scope | None = None,
        offset: Path = (),
        free: bool = False,
    ) -> None:
        self.writing = writing
        self.root = root
        self.origin = origin or root
        self.alias = writing.name(root.name)
        self._first = first
        self._outer = outer
        self._offset = offset
        self._free = free
        self._joined: dict[Path, str] = {first: self.alias}
        self._needed: set[Path] = set()

    def path(self, table: Table, role: str = "") -> Path:
        """The way from this scope's origin to a table."""
        return self.writing.ways.path(self.origin, table, role)

    def column(self, table: Table, name: str, role: str = "") -> exp.Column:
        """A table's column, joined in where that is needed."""
        return column(self.at(self.path(table, role)), name)

    def fan(self, path: Path) -> Path | None:
        """The part of the path up to where one row becomes several; None where it stays one."""
        if self._is_ours(path):
            if self._free:
                return None
            steps = range(len(self._first), len(path))
            return next((path[: place + 1] for place in steps if path[place].fans_out), None)
        return self._outer.fan(self._offset + path) if self._outer else None

    def at(self, path: Path) -> str:
        """The alias under which the path's end is to be had."""
        if not self._is_ours(path):
            if self._outer is None:
                named = path[-1].target if path else self.origin
                raise NotConnected(f"One condition speaks of rows of {named.name} and of {self.root.name} at once.")
            return self._outer.at(self._offset + path)
        if path not in self._joined:
            if self.fan(path):
                raise NotConnected(f"One row of {self.root.name} has many of {path[-1].target.name}.")
            self.at(path[:-1])
            self._joined[path] = self.writing.name(path[-1].target.name)
        return self._joined[path]

    def need(self, path: Path) -> None:
        """Leave rows out that have nothing at the path's end."""
        self.at(path)
        for end in range(len(self._first) + 1, len(path) + 1):
            self._needed.add(path[:end])

    def source(self, select: exp.Select) -> exp.Select:
        """The statement with this scope's tables in its FROM clause."""
        select = select.from_(_table(self.root, self.alias))
        for path, alias in self._joined.items():
            if path == self._first:
                continue
            step = path[-1]
            on = ties(self._joined[path[:-1]], step.source_columns, alias, step.target_columns)
            side = "" if path in self._needed else "left"
            select = select.join(_table(step.target, alias), on=on, join_type=side)
        return select

    def _is_ours(self, path: Path) -> bool:
        return path[: len(self._first)] == self._first


def ties(left: str, left_columns: Sequence[str], right: str, right_columns: Sequence[str]) -> exp.Expr:
    """The condition under which rows belong together."""
    pairs = zip(left_columns, right_columns, strict=True)
    return exp.and_(*(exp.EQ(this=column(right, there), expression=column(left, here)) for here, there in pairs))


def _table(table: Table, alias: str) -> exp.Table:
    made = exp.Table(this=identifier(table.name), db=identifier(table.layer))
    if alias != table.name:
        made.set("alias", exp.TableAlias(this=identifier(alias)))
    return made
