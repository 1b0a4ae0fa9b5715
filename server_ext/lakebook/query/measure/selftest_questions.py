"""Questions made of a table's own names, types and values, in sets whose answers must agree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lakebook.query.measure import selftest_checks as checks
from lakebook.query.measure.selftest_checks import Case

if TYPE_CHECKING:
    from lakebook.query.tables import Column, Table

MOST_MEASURES, MOST_CATEGORIES, MOST_VALUES = 3, 3, 2
MOST_GROUPS = 200
TOP = 10
_KEY = re.compile(r"(^|_| )(id|no|nr|number|code|key|zip|phone|fax|year)$", re.IGNORECASE)
_SPLIT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|_+")
_PLAIN = re.compile(r"[\w .&/'-]{1,40}")


def cases_of(table: Table) -> list[Case]:
    """The table's cases, one of each kind in turn, so that a limit on questions cuts no kind off."""
    kinds = [list(kind(table)) for kind in (_parts, _filters, _negations, _paraphrases, _orders, _heads, _bounds)]
    longest = max(map(len, kinds))
    return [kind[n] for n in range(longest) for kind in kinds if n < len(kind)]


def spoken(name: str) -> str:
    """A column's name as people say it: `UnitPrice` and `unit_price` are `unit price`."""
    return " ".join(_SPLIT.split(name)).lower().strip()


def measures(table: Table) -> list[Column]:
    """Columns that may be summed: numbers that are no keys."""
    found = [column for column in table.columns if column.is_number and not _is_key(column, table)]
    return found[:MOST_MEASURES]


def categories(table: Table) -> list[Column]:
    """Text columns with a few different values."""
    found = [column for column in table.columns if column.is_text and 2 <= (column.unique_count or 0) <= MOST_GROUPS]
    return found[:MOST_CATEGORIES]


def values(column: Column) -> list[str]:
    """Frequent values that can be said in a sentence without quotes."""
    sayable = [value for value in column.top_values if _PLAIN.fullmatch(value) and value.strip() == value]
    return sayable[:MOST_VALUES]


def _is_key(column: Column, table: Table) -> bool:
    all_differ = column.is_whole and (column.unique_count or 0) >= max(2, table.row_count)
    return all_differ or _KEY.search(" ".join(_SPLIT.split(column.name))) is not None


def _pairs(table: Table) -> list[tuple[str, str]]:
    """Each measure with each category, as people say them."""
    said = [[spoken(column.name) for column in columns] for columns in (measures(table), categories(table))]
    return [(measure, category) for measure in said[0] for category in said[1]]


def _parts(table: Table) -> Iterator[Case]:
    for column in categories(table):
        yield _case(checks.PARTS, checks.parts_sum, "how many rows", f"number of rows by {spoken(column.name)}")
    for measure, category in _pairs(table):
        yield _case(checks.PARTS, checks.parts_sum, f"total {measure}", f"total {measure} by {category}")
    if any(column.is_time for column in table.columns):
        for column in measures(table):
            said = spoken(column.name)
            yield _case(checks.PARTS, checks.parts_sum, f"total {said}", f"total {said} by month")


def _filters(table: Table) -> Iterator[Case]:
    for category in categories(table):
        for value in values(category):
            narrow = f"how many rows where {spoken(category.name)} is {value}"
            yield _case(checks.FILTER, checks.never_more, "how many rows", narrow)
            for measure in measures(table)[:1]:
                narrower = f"{narrow} and {spoken(measure.name)} is above {_middle(measure)}"
                yield _case(checks.FILTER, checks.never_more, narrow, narrower)
    for measure in measures(table):
        said, middle = spoken(measure.name), _middle(measure)
        steps = [f"how many rows with {said} above {number}" for number in (middle, middle + 1, middle + 10)]
        yield _case(checks.FILTER, checks.never_more, "how many rows", *steps)


def _negations(table: Table) -> Iterator[Case]:
    for category in categories(table):
        said = spoken(category.name)
        for value in values(category):
            asked = [f"how many rows where {said} {rest}" for rest in (f"is {value}", f"is not {value}", "is missing")]
            yield _case(checks.NEGATION, checks.complement, "how many rows", *asked)


def _paraphrases(table: Table) -> Iterator[Case]:
    for forms in (*_sums_said(table), *_averages_said(table), *_counts_said(table)):
        yield _case(checks.PARAPHRASE, checks.same, *forms)


def _sums_said(table: Table) -> Iterator[list[str]]:
    for measure, category in _pairs(table):
        begins = (f"total {measure} by", f"total {measure} per", f"total {measure} for each", f"sum of {measure} by")
        yield [*(f"{begin} {category}" for begin in begins), f"what is the total {measure} by {category}?"]


def _averages_said(table: Table) -> Iterator[list[str]]:
    for column in measures(table):
        said = spoken(column.name)
        yield [f"average {said}", f"mean {said}", f"what is the average of {said}?", f"AVERAGE {said.upper()}"]


def _counts_said(table: Table) -> Iterator[list[str]]:
    for column in categories(table):
        said = spoken(column.name)
        yield [f"how many different {said} values", f"number of distinct {said} values"]
        where = f"rows where {said} is"
        begins = (f"how many {where}", f"count the {where}", f"number of rows with {said}")
        for value in values(column)[:1]:
            yield [*(f"{begin} {value}" for begin in begins), f"{begins[0]} {value.upper()}"]


def _orders(table: Table) -> Iterator[Case]:
    for measure, category in _pairs(table):
        asked = (f"total {measure} by {category}, highest first", f"total {measure} by {category}, lowest first")
        yield _case(checks.ORDER, checks.same, *asked)


def _heads(table: Table) -> Iterator[Case]:
    for column in categories(table):
        if (column.unique_count or 0) >= TOP:
            for measure in measures(table):
                said, figure = spoken(column.name), f"total {spoken(measure.name)}"
                asked = (f"top 5 {said} by {figure}", f"top {TOP} {said} by {figure}")
                yield _case(checks.HEAD, checks.heads, *asked)


def _bounds(table: Table) -> Iterator[Case]:
    for measure in measures(table):
        chosen = [(spoken(column.name), value) for column in categories(table) for value in values(column)[:1]]
        wheres = [f" where {category} is {value}" for category, value in chosen]
        for where in ("", *wheres):
            asked = (f"{word} {spoken(measure.name)}{where}" for word in ("lowest", "average", "highest"))
            yield _case(checks.BOUNDS, checks.between, *asked)


def _case(check: str, contradiction: checks.Contradiction, *questions: str) -> Case:
    return Case(check, questions, contradiction)


def _middle(measure: Column) -> int:
    """A whole number inside the measure's range."""
    try:
        low, high = float(str(measure.min)), float(str(measure.max))
    except ValueError:
        return 1
    return round(low + (high - low) / 10)
