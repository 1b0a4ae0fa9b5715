"""Counts that nobody asked for: of what is to be listed, of days, of the groups themselves."""

from __future__ import annotations

from itertools import pairwise

from lakebook.query.parse.figures_within import counted_column, inner, is_count
from lakebook.query.parse.graph import Graph
from lakebook.query.parse.measures import unit_of
from lakebook.query.parse.names import is_identifier
from lakebook.query.reading import Aggregate, Among, Condition, Figure, Has, Having, Metric, Missing, Reading, each_of
from lakebook.query.terms import Field, Part, Term, Thing

_DIFFERENT = frozenset({"different", "distinct", "unique", "days", "day", "dates", "date", "times", "moments"})
_RELATIVE = frozenset({"who", "that", "which"})
_SAID_MISSING = frozenset({
    "missing", "blank", "blanks", "empty", "null", "nulls", "unknown", "number", "id", "code", "recorded", "filled",
})  # fmt: skip
_SHOWING = frozenset({"show", "list", "display", "print", "see", "enumerate", "name", "pull"})
_SHOWING_US = frozenset({
    ("give", "me"), ("give", "us"), ("let", "me"), ("let", "us"), ("please", "show"), ("please", "list"),
    ("please", "give"), ("get", "me"), ("find", "me"), ("find", "all"), ("find", "the"),
})  # fmt: skip
_BEFORE_NUMBER = frozenset(
    {"the", "a", "an", "and", "with", "by", "in", "their", "its", "total", "show", "give", "me", ","}
)
_COUNTING = frozenset({
    "many", "number", "count", "counts", "headcount", "tally", "total", "often", "share", "percentage", "percent",
    "proportion",
})  # fmt: skip


def counts_something_else(folds: list[str], reading: Reading, figures: tuple[Figure, ...], graph: Graph) -> bool:
    """Whether the reading counts where something else is asked for; `figures` are those shown and those ordered by."""
    beside = tuple(each.figure for each in reading.having)
    figures = (*figures, *beside)
    return (
        any(_counts_itself(each, reading, graph) for each in reading.having)
        or any(_counts_days(folds, each) for each in inner(figures))
        or (_lacks_rows(reading.where) and _is_of_days(reading, figures))
        or _counts_where_names_are_asked(folds, reading)
        or _asks_for_those_of_all(folds, reading)
        or _counts_things_by_themselves(reading)
        or _counts_the_one_named(reading, figures)
        or any(_has_one_each(each, reading, graph) for each in figures)
        or _lacks_what_is_always_there(folds, reading)
    )


def _counts_itself(having: Having, reading: Reading, graph: Graph) -> bool:
    """ "Patients admitted more than once" are not those of whom the table of patients has several."""
    figure = having.figure
    if not isinstance(figure, Aggregate) or figure.kind != "rows":
        return False
    things = [each for each in reading.groups if isinstance(each, Thing) and each.table == figure.table]
    return any(each.key == graph.thing(each.table).key for each in things)


def _has_one_each(figure: Figure, reading: Reading, graph: Graph) -> bool:
    """ "The agent with customers in the most countries": the agent's own country is one."""
    of = figure.of if isinstance(figure, Aggregate) and figure.kind == "distinct" else None
    things = [each for each in reading.groups if isinstance(each, Thing) and each.key == graph.thing(each.table).key]
    return isinstance(of, Field) and not of.role and any(each.table == of.table for each in things)


def _counts_where_names_are_asked(folds: list[str], reading: Reading) -> bool:
    """ "Which invoices include a lamp", "show me the lines without a price" are rows, and not how many there are."""
    asks = (
        folds[:1] in (["which"], ["who"])
        or ("whose" in folds[1:3] and not any(getattr(each, "kind", "") == "rows" for each in reading.figures))
        or folds[0] in _SHOWING
        or tuple(folds[:2]) in _SHOWING_US
    )
    by_kind = bool(reading.groups) and not any(map(_tells_apart, reading.groups))
    if not asks or by_kind or reading.columns or not reading.figures:
        return False
    counts = all(map(is_count, reading.figures))
    return counts and not _asks_how_many(folds)


def _asks_how_many(folds: list[str]) -> bool:
    """Whether a word counts: the number of a customer is a name, the number of customers is not."""
    named = {at for at, pair in enumerate(pairwise(folds), 1) if pair[1] == "number" and pair[0] not in _BEFORE_NUMBER}
    return any(
        fold in _COUNTING and (at not in named or folds[at + 1 : at + 2] == ["of"]) for at, fold in enumerate(folds)
    )


def _tells_apart(group: Term | Thing) -> bool:
    """Whether nearly every row has a value of its own, so that to count by it is to list: by last name."""
    if not isinstance(group, Field):
        return False
    return 2 * (group.column.unique_count or 0) > group.table.row_count


def _counts_things_by_themselves(reading: Reading) -> bool:
    """ "Web orders: how many orders …" is one number, and not one for each order."""
    own = [each for group in reading.groups for each in (group.key if isinstance(group, Thing) else (group,))]
    of = [each.of for each in reading.figures if isinstance(each, Aggregate) and each.kind == "distinct"]
    keys = [each for each in of if isinstance(each, Field) and is_identifier(each.column)]
    return any(each in own for each in keys) or any(
        isinstance(each, Thing) and set(each.key) <= set(own) for each in of
    )


def _counts_the_one_named(reading: Reading, figures: tuple[Figure, ...]) -> bool:
    """ "The total of invoice 581483" is what it comes to: of invoices with that number there is one."""
    exact = [each for each in each_of(reading.where) if isinstance(each, Among) and not each.negated]
    fields = [each.term for each in exact if len(each.values) == 1 and isinstance(each.term, Field)]
    named = {each for each in fields if is_identifier(each.column)}
    columns = {each.column.name.casefold() for each in named}
    return any(
        (isinstance(each, Aggregate) and each.kind == "distinct" and each.of in named)
        or (isinstance(each, Metric) and counted_column(each.sql) in columns)
        for each in figures
    )


def _counts_days(folds: list[str], figure: Figure) -> bool:
    """ "Number of discharges" is no number of days, and "the time of each playlist" no number of different times."""
    of = getattr(figure, "of", None)
    field = of.term if isinstance(of, Part) else of
    if not isinstance(figure, Aggregate) or figure.kind != "distinct" or not isinstance(field, Field):
        return False
    measured = field.column.is_number and unit_of(field.column.name) is not None
    return (field.column.is_time or measured) and _DIFFERENT.isdisjoint(folds)


def _is_of_days(reading: Reading, figures: tuple[Figure, ...]) -> bool:
    """Whether days, months or years of rows are counted or listed."""
    counted = [each.of for each in inner(figures) if isinstance(each, Aggregate) and each.kind == "distinct"]
    listed = (*reading.columns, *(reading.groups if reading.count_groups else ()))
    return any(isinstance(each, Part) for each in (*counted, *listed))


def _lacks_rows(where: Condition | None) -> bool:
    """ "Days without invoices" have no rows at all, and none whose number of an invoice is missing."""
    return any(isinstance(each, Has) and each.negated for each in each_of(where)) or any(
        is_identifier(each.column) for each in _missing(where)
    )


def _missing(where: Condition | None) -> list[Field]:
    """The columns that are said to have no value."""
    terms = [each.term for each in each_of(where) if isinstance(each, Missing) and not each.negated]
    return [term for term in terms if isinstance(term, Field)]


def _lacks_what_is_always_there(folds: list[str], reading: Reading) -> bool:
    """ "Countries that had no invoice" have no row with one: where every row has one, its number is never missing."""
    if any(figure.kind == "rows" for figure in reading.figures if isinstance(figure, Aggregate)):
        return False
    listed = reading.distinct or reading.groups or reading.count_groups or reading.figures
    there = any(each.column.null_count == 0 for each in _missing(reading.where))
    return bool(listed) and there and _SAID_MISSING.isdisjoint(folds)


def _asks_for_those_of_all(folds: list[str], reading: Reading) -> bool:
    """ "Customers who ordered in every month" are not those of each month."""
    counts = [each for each in reading.figures if _counts_different(each)]
    if not counts or not any(isinstance(each, Part) for each in reading.groups):
        return False
    return any(
        two == ("in", "every") or (two == ("in", "each") and not _RELATIVE.isdisjoint(folds[:at]))
        for at, two in enumerate(pairwise(folds))
    )


def _counts_different(figure: Figure) -> bool:
    if isinstance(figure, Metric):
        return figure.sql.casefold().lstrip().startswith("count(distinct")
    return isinstance(figure, Aggregate) and figure.kind == "distinct"
