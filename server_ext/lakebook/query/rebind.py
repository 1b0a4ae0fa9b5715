"""The literals of a verified statement that words of its question stand for, and the statement with others in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlglot import exp, parse_one

from lakebook.query.mask import Slot, number_of, tokens
from lakebook.query.tables import Table, folded

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}([ T]00:00:00(\.0+)?)?")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d{2}(?!\d)")
_TIME = re.compile(r"\d{4}-\d{2}(-\d{2}([ T][\d:.+]*)?)?")
# Numbers that say nothing of their own in a statement: percent, shares, differences, first of many.
_PLAIN_NUMBERS = frozenset({Decimal(0), Decimal(1), Decimal(100)})


def slots_of(question: str, sql: str, tables: Sequence[Table]) -> list[Slot]:
    """The slots of a question: what stands once in its words and, as a whole literal, in the statement.

    A number or a day is a slot only where every literal of its type is one: a literal that was reckoned from the
    words (the day after the last one) could not be reckoned again.
    """
    statement, words = parse_one(sql, read="duckdb"), tokens(question)
    said = [str(number_of(word)) for word in words if _is_number(word)]
    numbers = _numbers(statement, said)
    days = [literal.name for literal in _texts(statement) if _TIME.fullmatch(literal.name)]
    found = []
    if numbers and _all_said(numbers, said):
        found += [Slot("number", number) for number in numbers]
    if days and all(map(_DAY.fullmatch, days)) and _all_said([day[:10] for day in days], words):
        found += [Slot("day", day[:10]) for day in days]
    return [*found, *_values(statement, tables)]


def is_bound_to_versions(question: str, sql: str, slots: Sequence[Slot]) -> bool:
    """Whether the statement holds days that were reckoned from the data as it was ("last month").

    A day of a year that is said, or the first one after it, was reckoned from the words.
    """
    said = {slot.value for slot in slots if slot.kind == "day"}
    years = set(_YEAR.findall(question))
    ends = {f"{int(year) + 1}-01-01" for year in years}
    literals = {text[:10] for literal in _texts(parse_one(sql, read="duckdb")) if _TIME.fullmatch(text := literal.name)}
    return any(day not in said and day not in ends and day[:4] not in years for day in literals)


def rebound(sql: str, slots: Sequence[Slot], given: Sequence[str]) -> str | None:
    """The statement with what is given in the place of what stood in the slots; None where a type does not fit."""
    statement = parse_one(sql, read="duckdb")
    changes = []
    for slot, text in zip(slots, given, strict=True):
        for literal in list(statement.find_all(exp.Literal)):
            if not _stands_for(literal, slot):
                continue
            new = _literal(slot, literal, text)
            if new is None:
                return None
            changes.append((literal, new))
    for literal, new in changes:
        literal.replace(new)
    return statement.sql("duckdb", pretty=True)


def _numbers(statement: exp.Expr, said: Sequence[str]) -> list[str]:
    """The numbers of the statement but for plain ones, and for a limit that no word asks for: the guard's own."""
    limit = statement.args.get("limit")
    last = limit.expression if isinstance(limit, exp.Limit) else None
    ours = last if last is not None and last.name not in said else None
    found = [one for one in statement.find_all(exp.Literal) if _is_counted(one) and one is not ours]
    return [one.name for one in found if _number(one.name) not in _PLAIN_NUMBERS]


def _is_counted(literal: exp.Literal) -> bool:
    """Whether the literal is a number, and none that is part of a type such as DECIMAL(18, 2)."""
    return not literal.is_string and literal.find_ancestor(exp.DataType) is None


def _all_said(literals: list[str], words: list[str]) -> bool:
    """Whether each literal is there once, and stands for one word."""
    counted, said = Counter(literals), Counter(words)
    return all(number == 1 and said[literal] == 1 for literal, number in counted.items())


def _texts(statement: exp.Expr) -> list[exp.Literal]:
    return [literal for literal in statement.find_all(exp.Literal) if literal.is_string]


def _values(statement: exp.Expr, tables: Sequence[Table]) -> list[Slot]:
    """Texts that the statement holds columns against, where every one of the same text is of the same column."""
    places: dict[str, set[tuple[str, str]]] = {}
    for literal in _texts(statement):
        place = None if _TIME.fullmatch(literal.name) else _column(literal, tables)
        places.setdefault(literal.name, set()).add(place or ("", ""))
    return [
        Slot("value", text, *next(iter(found)))
        for text, found in places.items()
        if len(found) == 1 and ("", "") not in found
    ]


def _column(literal: exp.Literal, tables: Sequence[Table]) -> tuple[str, str] | None:
    """The table and column that a text is compared with as a whole, where only one table has such a column."""
    parent = literal.parent
    if not isinstance(parent, exp.EQ | exp.NEQ | exp.In):
        return None
    other = parent.this if parent.this is not literal else parent.expression
    columns = list(other.find_all(exp.Column)) if other is not None else []
    if len(columns) != 1 or not isinstance(other, exp.Column | exp.Lower | exp.Upper):
        return None
    having = [
        (table.full_name, column.name)
        for table in tables
        for column in table.columns
        if column.is_text and folded(column.name) == folded(columns[0].name)
    ]
    return having[0] if len(having) == 1 else None


def _stands_for(literal: exp.Literal, slot: Slot) -> bool:
    if slot.kind == "number":
        return _is_counted(literal) and literal.name == slot.value
    if not literal.is_string:
        return False
    return literal.name == slot.value or (slot.kind == "day" and literal.name[:10] == slot.value)


def _literal(slot: Slot, old: exp.Literal, text: str) -> exp.Literal | None:
    if slot.kind == "value":
        return exp.Literal.string(text)
    if slot.kind == "day":
        try:
            date.fromisoformat(text)
        except ValueError:
            return None
        return exp.Literal.string(text + old.name[10:])
    number = number_of(text)
    # A limit of 2.5 rows, or a month that is no whole number, is another question.
    if (number == number.to_integral_value()) != ("." not in old.name):
        return None
    return exp.Literal(this=format(number, "f"), is_string=False)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"\d+(\.\d+)?", text) else None


def _is_number(word: str) -> bool:
    return re.fullmatch(r"\d[\d,]*(\.\d+)?", word) is not None
