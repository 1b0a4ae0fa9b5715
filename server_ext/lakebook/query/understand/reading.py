"""What a question was understood to mean: a typed query over one table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lakebook.query.tables import Column, Table

MEASURE_WORDS = {
    "sum": "total",
    "avg": "average",
    "median": "median",
    "min": "lowest",
    "max": "highest",
    "stddev": "standard deviation of",
}
TIME_WORDS = {"min": "earliest", "max": "latest"}


@dataclass(frozen=True)
class Measure:
    """A figure: `rows`, `distinct`, `sum`, `avg`, `median`, `min`, `max` or `stddev` of a column or of a product."""

    kind: str
    operand: tuple[Column, ...] = ()

    @property
    def alias(self) -> str:
        """The name of its column in the result."""
        if self.kind == "rows":
            return "rows"
        if len(self.operand) == 2:
            return "revenue"
        if self.operand[0].is_time and self.kind in TIME_WORDS:
            return f"{TIME_WORDS[self.kind]}_{self.operand[0].name}"
        prefix = {"distinct": "different", "sum": "total", "avg": "average", "min": "lowest", "max": "highest"}
        return f"{prefix.get(self.kind, self.kind)}_{self.operand[0].name}"

    @property
    def text(self) -> str:
        """The measure in words."""
        if self.kind == "rows":
            return "number of rows"
        if len(self.operand) == 2:
            return "revenue"
        column = self.operand[0]
        if column.is_time and self.kind in TIME_WORDS:
            return f"{TIME_WORDS[self.kind]} {column.name}"
        words = "number of different" if self.kind == "distinct" else MEASURE_WORDS[self.kind]
        return f"{words} {column.name}"


@dataclass(frozen=True)
class Dimension:
    """What rows are grouped by: a column, or a part (year, quarter, month, day, weekday) of a time column."""

    column: Column
    part: str = ""

    @property
    def alias(self) -> str:
        """The name of its column in the result."""
        return self.part or self.column.name

    @property
    def text(self) -> str:
        """The dimension in words."""
        return self.part or self.column.name


@dataclass(frozen=True)
class Period:
    """A stretch of days: from `start` until before `end`; either may be open."""

    start: date | None
    end: date | None
    text: str


@dataclass(frozen=True)
class Condition:
    """Which rows count: `in`, `not in`, `missing`, `present`, `=`, `<>`, `<`, `<=`, `>`, `>=`, `between`, `period`,
    `weekday`; `known` and `other` are `present` and `not in` where rows without a value are not asked about.
    """

    column: Column
    operator: str
    values: tuple[object, ...] = ()

    @property
    def text(self) -> str:
        """The condition in words."""
        name = self.column.name
        said = [value.text if isinstance(value, Period) else str(value) for value in self.values]
        match self.operator:
            case "in":
                return f"{name} = {' or '.join(said)}"
            case "weekday":
                return f"{name} on {' or '.join(said)}"
            case "not in" | "other":
                return f"{name} ≠ {' or '.join(said)}"
            case "known":
                return ""
            case "missing" | "present":
                return f"{name} is {self.operator}"
            case "between":
                return f"{name} between {said[0]} and {said[1]}"
            case "period":
                return f"{name} {said[0]}"
            case _:
                return f"{name} {self.operator} {said[0]}"


@dataclass(frozen=True)
class Having:
    """Which groups count, by a figure of theirs."""

    measure: Measure
    operator: str
    value: int | float

    @property
    def text(self) -> str:
        """The condition in words."""
        return f"{self.measure.text} {self.operator} {self.value}"


@dataclass(frozen=True)
class Trace:
    """Words of the question and the part of the query that they became; `nothing` for words that say nothing."""

    words: str
    part: str


@dataclass(frozen=True)
class Reading:
    """A question as a query: its shape is `total`, `groups`, `ranking`, `values` or `rows`."""

    question: str
    table: Table
    shape: str
    measures: tuple[Measure, ...] = ()
    groups: tuple[Dimension, ...] = ()
    columns: tuple[Column, ...] = ()
    conditions: tuple[Condition, ...] = ()
    having: tuple[Having, ...] = ()
    order: str = ""  # "desc" and "asc" by the measure, "natural" by the groups
    limit: int | None = None
    trace: tuple[Trace, ...] = ()

    @property
    def text(self) -> str:
        """The reading in words: "revenue by Country, Country ≠ United Kingdom, top 5"."""
        pieces = [self._head(), *(condition.text for condition in self.conditions if condition.text)]
        pieces += [having.text for having in self.having]
        if self.shape == "ranking" and self.limit is not None:
            pieces.append(f"{'bottom' if self.order == 'asc' else 'top'} {self.limit}")
        elif self.limit is not None:
            pieces.append(f"first {self.limit}")
        elif self.shape == "groups" and self.order in ("asc", "desc"):
            pieces.append("lowest first" if self.order == "asc" else "highest first")
        return ", ".join(pieces)

    def _head(self) -> str:
        if self.shape == "values":
            return f"different {' and '.join(column.name for column in self.columns)} of {self.table.name}"
        if self.shape == "rows":
            names = " and ".join(column.name for column in self.columns)
            return f"{names} of {self.table.name}" if names else f"rows of {self.table.name}"
        head = " and ".join(measure.text for measure in self.measures)
        if self.groups:
            return f"{head} by {' and '.join(group.text for group in self.groups)}"
        return f"{head} of {self.table.name}"


@dataclass(frozen=True)
class Declined:
    """A question that is not answered: the words not understood, questions that work, readings to choose from."""

    words: tuple[str, ...]
    suggestions: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    reason: str = ""
