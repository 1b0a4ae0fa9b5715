"""What the words of a question ask for, before it is settled which table's column each of them means."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

from lakebook.query.parse.names import Noun
from lakebook.query.parse.values import Hit
from lakebook.query.reading import Period

Nouns = tuple[Noun, ...]  # what the same words may name
Number = int | float | Decimal
Unit = tuple[str, str]  # a dimension and a unit of it: ("time", "min")


@dataclass(frozen=True)
class Want:
    """A figure asked for.

    `kind` is one of the aggregates of the reading, `count` (rows of a table, or different values of a key), `metric`,
    `money` (what is taken in), `bare` (a noun without an aggregate), `ratio` or `per` (a figure per thing of `other`).
    """

    kind: str
    nouns: Nouns = ()
    other: Nouns = ()
    fraction: float = 0.5
    where: tuple[Cond, ...] = ()
    unit: Unit | None = None
    part: str = ""  # averaged over parts of time: the average daily revenue
    inner: str = ""  # the figure of each group that is averaged
    distinct: bool = False


@dataclass(frozen=True)
class IsValue:
    """A text is one of the values that the words may be."""

    hits: tuple[tuple[Hit, ...], ...]
    negated: bool = False
    nouns: Nouns = ()
    role: str = ""  # whose value it is, where a table is joined to itself: the boss's


@dataclass(frozen=True)
class IsNumber:
    """A number beside another; without nouns its unit says which column is meant."""

    nouns: Nouns
    operator: str
    value: Number
    unit: Unit | None = None
    to: Number | None = None


@dataclass(frozen=True)
class Recurs:
    """A recurring part of time: months 12, 1 and 2, Sundays, hours from 9 to before 12."""

    part: str
    values: tuple[int | str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Lately:
    """A stretch counted from the newest day of the data: the last month, the past 7 days."""

    unit: str
    number: int = 1
    current: bool = False


@dataclass(frozen=True)
class InTime:
    """A time lies in a period, known or still to be counted."""

    when: Period | Recurs | Lately
    nouns: Nouns = ()
    negated: bool = False


@dataclass(frozen=True)
class IsMissing:
    """A value is missing, or is there."""

    nouns: Nouns
    negated: bool = False


@dataclass(frozen=True)
class HasText:
    """A text contains, starts or ends with some text; `own`: that of the code or number just named."""

    nouns: Nouns
    kind: str
    text: str
    negated: bool = False
    own: bool = False


@dataclass(frozen=True)
class IsNamed:
    """A filter of the semantic model holds."""

    nouns: Nouns
    negated: bool = False


@dataclass(frozen=True)
class BesideMean:
    """A number of each row beside the mean or median over all rows, or over those of a kind."""

    nouns: Nouns
    operator: str
    kind: str = "avg"
    where: tuple[Cond, ...] = ()


@dataclass(frozen=True)
class HasSome:
    """The thing asked about has rows of another thing for which the conditions hold; `trade`: it was bought or sold."""

    nouns: Nouns
    where: tuple[Cond, ...] = ()
    negated: bool = False
    only: bool = False
    trade: bool = False
    apart: bool = False  # in other rows than the rest of the question speaks of


Cond = IsValue | IsNumber | InTime | IsMissing | HasText | IsNamed | BesideMean | HasSome


@dataclass(frozen=True)
class GroupWant:
    """What to break down by: a noun, or a part of time (of the noun's times where there is a noun)."""

    nouns: Nouns = ()
    part: str = ""
    width: Number | None = None
    edges: tuple[Number, ...] = ()
    names: tuple[str, ...] = ()
    unit: Unit | None = None  # of the edges
    whole: bool = False  # whether the edges hold for whole numbers alone


@dataclass(frozen=True)
class HavingWant:
    """Which groups count: a figure of theirs beside a number, or beside the same figure under other conditions."""

    want: Want
    operator: str
    value: Number | Want
    unit: Unit | None = None  # of the number


@dataclass(frozen=True)
class Rank:
    """First or last by a figure, or by the column that an adjective speaks of."""

    descending: bool
    want: Want | None = None
    by: Nouns = ()
    often: bool = False


@dataclass(frozen=True)
class Span:
    """Tokens `start` to `end` became this part of the query."""

    start: int
    end: int
    part: str


@dataclass(frozen=True)
class Draft:
    """A question half read: the grammar only adds to it."""

    ask: str = ""
    pending: Want | None = None
    counted: Nouns = ()
    distinct: bool = False
    listed: tuple[Nouns | Want, ...] = ()
    shown: tuple[Nouns | Want, ...] = ()
    figures: tuple[Want, ...] = ()
    groups: tuple[GroupWant, ...] = ()
    each: tuple[GroupWant, ...] = ()
    where: tuple[Cond, ...] = ()
    having: tuple[HavingWant, ...] = ()
    rank: Rank | None = None
    limit: int | None = None
    order: tuple[str, Want | Nouns | None] | None = None
    then: Nouns = ()  # what decides the order of those that are alike by the first
    share: str = ""
    base: int | None = None  # how many of the conditions are about the whole of which a share is taken
    versus: tuple[tuple[Cond, ...], ...] = ()
    along: str = ""
    context: tuple[Nouns, ...] = ()
    event: Nouns = ()
    unit: Unit | None = None
    digits: int | None = None  # decimals that the figures are rounded to
    flags: frozenset[str] = frozenset()
    spans: tuple[Span, ...] = field(default=(), compare=False)

    def spanned(self, start: int, end: int, part: str) -> Draft:
        """The draft with these tokens accounted for."""
        return replace(self, spans=(*self.spans, Span(start, end, part))) if end > start else self

    def filtered(self, *conditions: Cond) -> Draft:
        """The draft with more conditions."""
        return replace(self, where=(*self.where, *conditions))

    def flagged(self, flag: str) -> Draft:
        """The draft with a mark of its own."""
        return replace(self, flags=self.flags | {flag})

    def counting(self, things: Nouns) -> Draft:
        """The draft that counts these in place of listing them."""
        return replace(self, ask="count", listed=(), counted=things, figures=(Want("count", things),))

    @property
    def subject(self) -> Nouns:
        """What is counted, or else what is listed first."""
        if self.counted:
            return self.counted
        first = self.listed[0] if self.listed else ()
        return first if isinstance(first, tuple) else ()
