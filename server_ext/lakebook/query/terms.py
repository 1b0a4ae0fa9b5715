"""A value of each row that a question speaks of, and the things that rows are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lakebook.query.tables import Column, Table

Value = str | int | float | Decimal | bool | date | datetime


@dataclass(frozen=True)
class Field:
    """A column of a table; `role` tells the same table apart from itself ("boss" in a self join)."""

    table: Table
    column: Column
    role: str = ""

    @property
    def repeats(self) -> bool:
        """Whether several rows have the same value, as far as is known."""
        return (self.column.unique_count or 0) < (self.table.row_count or 0)


@dataclass(frozen=True)
class Computed:
    """A field of the semantic model, or a formula in ANSI SQL over the columns of one table."""

    table: Table
    name: str
    sql: str
    is_number: bool = True


@dataclass(frozen=True)
class Combined:
    """Two terms of a row joined by `+`, `-`, `*` or `/`."""

    operator: str
    left: Term
    right: Term
    name: str = ""


@dataclass(frozen=True)
class Scaled:
    """A term in another unit: its values divided by `divisor` ("minutes" of milliseconds: 60,000)."""

    term: Term
    divisor: int
    unit: str


@dataclass(frozen=True)
class Part:
    """A part of a point in time.

    `year`, `quarter`, `month`, `week`, `day`, `hour_of_time` cut the time off there and stay times; `month_of_year`,
    `quarter_of_year`, `week_of_year`, `weekday`, `day_of_month`, `hour` recur, as numbers (weekdays as names).
    """

    term: Term
    part: str


@dataclass(frozen=True)
class Bin:
    """The lower edge of the bin of `width` that a number falls into, counted from `start`."""

    term: Term
    width: Decimal
    start: Decimal = Decimal(0)


@dataclass(frozen=True)
class Bands:
    """The name of the band a number falls into: `edges` lie between the names; a band starts at its lower edge."""

    term: Term
    edges: tuple[Decimal, ...]
    names: tuple[str, ...]


Term = Field | Computed | Combined | Scaled | Part | Bin | Bands


@dataclass(frozen=True)
class Thing:
    """What is counted, ranked or listed one by one: rows of a table, or what a key of it names.

    `key` tells things apart (a surrogate key, `CustomerID` in order lines), `labels` are shown to people.
    """

    table: Table
    key: tuple[Term, ...]
    labels: tuple[Term, ...] = ()
    role: str = ""
