"""One figure is asked for where a reading gives one for each thing, month or year."""

from __future__ import annotations

from collections.abc import Iterator

from lakebook.query.parse.binding import is_additive
from lakebook.query.parse.names import Noun, is_identifier
from lakebook.query.parse.wants import Draft
from lakebook.query.reading import Aggregate, Figure, Reading, Within, each_of
from lakebook.query.terms import Field, Part, Thing

# Things of which there are so many that "the revenue per customer" may be an average.
_MANY = frozenset({"customer", "client", "buyer", "order", "invoice", "purchase", "transaction", "visit", "user"})
_ORDERING = frozenset({"order", "sort", "arrange", "rank"})
_OF_A_YEAR = frozenset({"month", "quarter", "week"})


def asks_for_one(folds: list[str], draft: Draft, reading: Reading) -> Iterator[str]:
    """The words that ask for one figure of a reading that has several."""
    if "per" in folds and (
        _averages_rows_of_keys(reading) or _is_divided_twice(folds, draft, reading) or _is_said_of_each(folds, reading)
    ):
        yield "per"
    changes = reading.along is not None and reading.along.kind != "running"
    if changes and any(_has_two_ends(each) for each in each_of(reading.where)):
        yield "from"
    if folds[0] in _ORDERING and reading.limit is not None and "limit" not in {span.part for span in draft.spans}:
        yield folds[0]
    if folds[-1:] == ["average"] and reading.order and any(map(_is_of_one_year, reading.groups)):
        yield "average"


def _averages_rows_of_keys(reading: Reading) -> bool:
    """ "average units per order" is one number, not the average of the lines of each order."""
    return any(map(is_keyed, reading.groups)) and not reading.order and any(map(_is_row_average, reading.figures))


def is_keyed(group: object) -> bool:
    """Whether a group is a thing, or the number of one."""
    return isinstance(group, Thing) or (isinstance(group, Field) and is_identifier(group.column))


def _is_divided_twice(folds: list[str], draft: Draft, reading: Reading) -> bool:
    """ "Revenue per customer by country" may be the average of a country's customers."""
    said = [folds[span.start] for span in draft.spans if span.part == "group"]
    return said[:2] == ["per", "by"] and any(map(is_keyed, reading.groups))


def _is_said_of_each(folds: list[str], reading: Reading) -> bool:
    """ "What was the revenue per customer" may be one figure; a noun phrase without a question is a breakdown."""
    one = folds[0] in ("what", "what's") and "the" in folds[:3] and not (reading.order or reading.having)
    many = folds[folds.index("per") + 1 :][:1]
    averaged = any(map(_is_row_average, reading.figures))
    return one and not _MANY.isdisjoint(many) and len(reading.groups) == 1 and not averaged


def _has_two_ends(condition: object) -> bool:
    """ "By how much did it change from 2013 to 2014" is one change, and not that of each year."""
    return isinstance(condition, Within) and condition.period.text.startswith("from ")


def _is_of_one_year(group: object) -> bool:
    """ "The wettest month on average" is one of twelve, and not of all the months there were."""
    return isinstance(group, Part) and group.part in _OF_A_YEAR


def _is_row_average(figure: Figure) -> bool:
    if not isinstance(figure, Aggregate) or figure.kind not in ("avg", "median") or not isinstance(figure.of, Field):
        return False
    return is_additive(Noun("field", figure.table, figure.of))
