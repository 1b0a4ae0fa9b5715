"""What a result says, by the form of its reading: a total, groups, a ranking, a course in time, a list."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from lakebook.query.explain import Said, Saying, is_number
from lakebook.query.reading import Aggregate, Difference, Every, Figure, OfTotal, Ratio, Reading
from lakebook.query.wording_terms import condition_words, figure_words, term_words

if TYPE_CHECKING:
    import pyarrow as pa

MOST_LISTED = 8
LONGEST_CONDITION = 60
MOST_SCANNED = 10_000


def sentence(reading: Reading, table: pa.Table) -> Said:
    """One sentence that is true of these rows, or none where nothing short can be said."""
    if table.num_rows == 0:
        return Said("No rows match.")
    if table.num_rows > MOST_SCANNED:
        return Said("")
    saying = Saying(table.to_pylist())
    columns = list(table.column_names)
    _say(saying, reading, columns)
    return saying.done() if saying.text else Said("")


def _say(saying: Saying, reading: Reading, columns: list[str]) -> None:
    if reading.count_groups:
        _counted(saying, reading, columns[0])
    elif not reading.groups and reading.figures:
        _totals(saying, reading, columns)
    elif reading.along is not None and len(reading.figures) == 1:
        _course(saying, reading, columns)
    elif reading.groups and len(reading.figures) == 1 and len(columns) > 1:
        _groups(saying, reading, columns[:-1], columns[-1])
    elif len(saying.rows) == 1:
        _single(saying, reading, columns)
    elif len(columns) == 1:
        _list(saying, columns[0])


def _counted(saying: Saying, reading: Reading, column: str) -> None:
    what = " and ".join(term_words(each) for each in reading.groups)
    one = saying.rows[0][column] == 1
    saying.say(f"There {'is' if one else 'are'} ").cell(0, column).say(f" {what} for which this holds.")


def _totals(saying: Saying, reading: Reading, columns: list[str]) -> None:
    for number, (figure, column) in enumerate(zip(reading.figures, columns, strict=True)):
        saying.say(" " if number else "")
        value = saying.rows[0][column]
        if value is not None and isinstance(figure, Ratio) and figure.percent and not figure.name:
            top, bottom = figure_words(figure.top), figure_words(figure.bottom)
            saying.say(f"{_capital(top)} {'are' if _plural(top) else 'is'} ").cell(0, column)
            saying.say(f" % of {bottom}{_such(reading)}.")
        elif value is None:
            saying.say(f"There is no {figure_words(figure)}{_such(reading)}.")
        elif isinstance(figure, Aggregate) and figure.kind in ("rows", "distinct") and figure.where is None:
            _count(saying, reading, figure, column)
        else:
            saying.say(f"The {figure_words(figure)}{_such(reading)} is ").cell(0, column).say(f"{_unit(figure)}.")


def _count(saying: Saying, reading: Reading, figure: Aggregate, column: str) -> None:
    one = saying.rows[0][column] == 1
    what = figure_words(figure).removeprefix("number of ").removeprefix("rows of ")
    rows = " row of" if one else " rows of"
    kind = rows if figure.of is None else ""
    saying.say(f"There {'is' if one else 'are'} ").cell(0, column).say(f"{kind} {what}{_such(reading)}.")


def _course(saying: Saying, reading: Reading, columns: list[str]) -> None:
    column, at = columns[-1], columns[:-1]
    figures = _known(saying, column)
    if len(figures) < 2 or reading.along is None or len(reading.groups) > 1:
        return
    at = at[:1]
    if reading.along.kind == "running":
        last = figures[-1][0]
        saying.say("By ").cells(last, at).say(" it comes to ").cell(last, column).say(".")
        return
    high, low = max(figures, key=_amount)[0], min(figures, key=_amount)[0]
    saying.say("The most it rose by is ") if _value(saying, high, column) > 0 else saying.say("It never rose; best is ")
    saying.cell(high, column).say(f"{_along_unit(reading)} in ").cells(high, at)
    if high != low:
        saying.say(", the least ").cell(low, column).say(f"{_along_unit(reading)} in ").cells(low, at)
    saying.say(".")


def _groups(saying: Saying, reading: Reading, names: list[str], column: str) -> None:
    figures = _known(saying, column)
    if not figures:
        return
    unit = _unit(reading.figures[0])
    if len(saying.rows) == 1:
        saying.cells(0, names).say(": ").cell(0, column).say(f"{unit}.")
        return
    if reading.each:
        return
    ranked = [order for order in reading.order if order.by in reading.figures]
    if ranked and figures[0][0] == 0:
        _leader(saying, names, column, unit, up=ranked[0].descending)
        return
    high, low = max(figures, key=_amount)[0], min(figures, key=_amount)[0]
    if len(figures) == 1:
        return
    if _value(saying, high, column) == _value(saying, low, column):
        saying.say("It is the same everywhere: ").cell(high, column).say(f"{unit}.")
        return
    _extreme(saying, figures, high, names, column, "highest")
    saying.say(f"{unit}; ")
    _extreme(saying, figures, low, names, column, "lowest")
    saying.say(f"{unit}.")


def _leader(saying: Saying, names: list[str], column: str, unit: str, *, up: bool) -> None:
    first, second = saying.rows[0][column], saying.rows[1][column]
    if first == second:
        saying.cells(0, names).say(f" and others share the {'highest' if up else 'lowest'} value, ").cell(0, column)
    else:
        saying.cells(0, names).say(" leads with " if up else " comes last with ").cell(0, column)
    saying.say(f"{unit}.")


def _extreme(
    saying: Saying, figures: Sequence[tuple[int, Decimal]], row: int, names: list[str], column: str, which: str
) -> None:
    shared = sum(value == _value(saying, row, column) for _, value in figures) > 1
    saying.cells(row, names).say(f" and others are the {which} with " if shared else f" is the {which} with ")
    saying.cell(row, column)


def _single(saying: Saying, reading: Reading, columns: list[str]) -> None:
    if len(columns) == 1 and reading.limit is None:
        saying.say("There is only one: ").name(0, columns[0]).say(".")
        return
    for number, column in enumerate(columns):
        saying.say(", " if number else "").name(0, column)
    saying.say(".")


def _list(saying: Saying, column: str) -> None:
    rows = len(saying.rows)
    if rows > MOST_LISTED or any(row[column] is None for row in saying.rows):
        return
    for number in range(rows):
        saying.say("" if number == 0 else " and " if number == rows - 1 else ", ").name(number, column)
    saying.say(".")


def _known(saying: Saying, column: str) -> list[tuple[int, Decimal]]:
    """The rows whose figure is a number, with it."""
    return [(row, _value(saying, row, column)) for row, each in enumerate(saying.rows) if is_number(each[column])]


def _value(saying: Saying, row: int, column: str) -> Decimal:
    return Decimal(str(saying.rows[row][column]))


def _amount(found: tuple[int, Decimal]) -> Decimal:
    return found[1]


def _such(reading: Reading) -> str:
    """The condition, where it can be said without a number."""
    if reading.where is None:
        return ""
    parts = reading.where.conditions if isinstance(reading.where, Every) else (reading.where,)
    said = " and ".join(condition_words(each) for each in parts)
    if any(sign.isdigit() for sign in said) or len(said) > LONGEST_CONDITION:
        return " that match"
    return f" {said}" if said.startswith(("with ", "without ", "only ")) else f" where {said}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _plural(words: str) -> bool:
    return words.startswith(("rows of", "different"))


def _unit(figure: Figure) -> str:
    percent = isinstance(figure, Ratio | OfTotal | Difference) and figure.percent
    return " %" if percent else ""


def _along_unit(reading: Reading) -> str:
    return " %" if reading.along is not None and reading.along.kind == "growth" else ""
