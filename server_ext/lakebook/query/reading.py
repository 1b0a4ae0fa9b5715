"""What a question was understood to mean: a typed query over one table or several that belong together.

`understand` makes readings from words; `write` makes SQL of them; `wording` says them in words. None of these three
knows the other two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from lakebook.query.tables import Table
from lakebook.query.terms import Combined, Computed, Term, Thing, Value

# Conditions: which rows count.


@dataclass(frozen=True)
class Period:
    """A stretch of time from `start` until before `end`; either may be open. `text` is how it was said."""

    start: date | datetime | None
    end: date | datetime | None
    text: str


@dataclass(frozen=True)
class Compare:
    """A term beside a value or another term: `=`, `<>`, `<`, `<=`, `>`, `>=`."""

    term: Term
    operator: str
    value: Value | Term


@dataclass(frozen=True)
class Among:
    """A term is one of the values. With `negated` a row without a value counts only where `unknown_too`."""

    term: Term
    values: tuple[Value, ...]
    negated: bool = False
    unknown_too: bool = False


@dataclass(frozen=True)
class Like:
    """A text `contains`, `starts` or `ends` with the text given, in any case."""

    term: Term
    kind: str
    text: str
    negated: bool = False


@dataclass(frozen=True)
class Missing:
    """A term has no value; `negated`: it has one."""

    term: Term
    negated: bool = False


@dataclass(frozen=True)
class Within:
    """A time lies in a period."""

    term: Term
    period: Period
    negated: bool = False


@dataclass(frozen=True)
class Named:
    """A filter of the semantic model holds ("cancelled")."""

    term: Computed
    negated: bool = False


@dataclass(frozen=True)
class Beside:
    """A term of each row beside a figure over all rows: "above the overall mean"."""

    term: Term
    operator: str
    figure: Figure


@dataclass(frozen=True)
class Has:
    """The thing of the query has at least one row of `of` for which `where` holds; `negated`: it has none.

    `only`: it has rows, and `where` holds for each of them.
    """

    of: Thing
    where: Condition | None = None
    negated: bool = False
    only: bool = False


@dataclass(frozen=True)
class Every:
    """All of the conditions hold."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Either:
    """At least one of the conditions holds."""

    conditions: tuple[Condition, ...]


Condition = Compare | Among | Like | Missing | Within | Named | Beside | Has | Every | Either


def each_of(where: Condition | None) -> tuple[Condition, ...]:
    """The conditions that all hold; none where there is none."""
    if where is None:
        return ()
    return where.conditions if isinstance(where, Every) else (where,)


# Figures: a number (or a first and last value) for all rows or for each group.


@dataclass(frozen=True)
class Aggregate:
    """`rows`, `distinct`, `sum`, `avg`, `median`, `quantile`, `min`, `max`, `stddev`, `variance`, `corr`.

    `of` is None for `rows`, which then counts rows of `table`; `distinct` may count a Thing; `corr` takes `other`;
    `quantile` takes `fraction`. `where` holds for this figure alone.
    """

    kind: str
    table: Table
    of: Term | Thing | None = None
    other: Term | None = None
    fraction: float = 0.5
    where: Condition | None = None

    @property
    def names_itself(self) -> bool:
        """Whether it sums a product that has a name of its own: revenue is a total already."""
        product = self.of
        return self.kind == "sum" and isinstance(product, Combined) and product.operator == "*" and bool(product.name)


@dataclass(frozen=True)
class Metric:
    """A metric of the semantic model, its aggregate expression in ANSI SQL with columns as `table.column`."""

    name: str
    sql: str
    tables: tuple[Table, ...]
    where: Condition | None = None
    is_additive: bool = False


@dataclass(frozen=True)
class Ratio:
    """One figure divided by another; with `percent` times 100."""

    top: Figure
    bottom: Figure
    percent: bool = False
    name: str = ""


@dataclass(frozen=True)
class Difference:
    """One figure less another; with `percent` in percent of the other."""

    left: Figure
    right: Figure
    percent: bool = False


@dataclass(frozen=True)
class OfTotal:
    """What part of the figure over all groups a group has; with `percent` times 100."""

    figure: Figure
    percent: bool = True


@dataclass(frozen=True)
class OverGroups:
    """A figure of figures: `avg`, `median`, `max`, `min`, `stddev` or `sum` of what each of `groups` has."""

    kind: str
    figure: Figure
    groups: tuple[Term | Thing, ...]


Figure = Aggregate | Metric | Ratio | Difference | OfTotal | OverGroups


# The query.


@dataclass(frozen=True)
class Having:
    """Which groups count: a figure of theirs beside a number or another figure."""

    figure: Figure
    operator: str
    value: int | float | Decimal | Figure


@dataclass(frozen=True)
class Order:
    """What rows of the result are put in order by."""

    by: Figure | Term
    descending: bool = False


@dataclass(frozen=True)
class Along:
    """A figure along a time group: `difference` or `growth` (percent) to the group before, or `running` total."""

    kind: str
    show_figure: bool = False


@dataclass(frozen=True)
class Trace:
    """Words of the question and the part of the query that they became; `nothing` for words that say nothing."""

    words: str
    part: str


@dataclass(frozen=True)
class Reading:
    """A question as a query.

    With `figures` one row for all, or for each of `groups`; without figures a listing of `columns` (one row for each
    row of the subject, or the different values where `distinct`). `count_groups`: how many groups, not which.
    `each`: the limit holds for each value of these groups. `hidden` figures are for order and are not shown.
    `digits`: decimals that the figures are rounded to.
    """

    question: str
    subject: Thing | None = None
    figures: tuple[Figure, ...] = ()
    groups: tuple[Term | Thing, ...] = ()
    columns: tuple[Term, ...] = ()
    distinct: bool = False
    where: Condition | None = None
    having: tuple[Having, ...] = ()
    order: tuple[Order, ...] = ()
    limit: int | None = None
    each: tuple[Term, ...] = ()
    along: Along | None = None
    count_groups: bool = False
    digits: int | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)
    trace: tuple[Trace, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Declined:
    """A question that is not answered: the words not understood, questions that work, readings to choose from.

    `choices` are in words; `readings` are what they mean, where all of them are readings over the same tables.
    """

    words: tuple[str, ...]
    suggestions: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    reason: str = ""
    readings: tuple[Reading, ...] = ()
