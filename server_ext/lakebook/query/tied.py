"""Which tables belong together though nobody says so: a column that is called like another table's key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from lakebook.query.domain import Relationship
from lakebook.query.tables import Column, Table, folded

# A key that is called only this is told from other tables' by the name of its own.
_BARE = {"id", "key", "code", "no", "nr", "number", "uuid"}
_ENDINGS = ("id", "key", "code", "no", "nr", "number", "uuid")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")


def inferred(
    tables: Sequence[Table], keys: Mapping[str, tuple[str, ...]], declared: Sequence[Relationship]
) -> Iterator[Relationship]:
    """Columns with the name, the type and the range of another table's key, where nothing declared joins the two."""
    joined = {(each.many.full_name, each.one.full_name) for each in declared}
    for one in tables:
        key = keys.get(one.full_name, ())
        column = _named(one, key[0]) if len(key) == 1 else None
        if column is None or not _tells(column):
            continue
        for many in tables:
            pair = (many.full_name, one.full_name)
            if many.layer != one.layer or many.full_name == one.full_name or pair in joined or pair[::-1] in joined:
                continue
            for each in many.columns:
                if _is_called(each, one, column) and _fits(each, column) and keys.get(many.full_name) != (each.name,):
                    yield Relationship(many, (each.name,), one, (column.name,), declared=False)


def _named(table: Table, name: str) -> Column | None:
    return next((column for column in table.columns if column.name == name), None)


def _tells(key: Column) -> bool:
    return (key.is_whole or key.is_text) and _words(key.name)[-1:] != [] and _words(key.name)[-1] in _ENDINGS


def _is_called(column: Column, one: Table, key: Column) -> bool:
    words, wanted = _words(column.name), _words(key.name)
    if words == wanted:
        return not (len(wanted) == 1 and wanted[0] in _BARE)
    return len(wanted) == 1 and words in ([*_singular(one.name), *wanted], [*_words(one.name), *wanted])


def _fits(column: Column, key: Column) -> bool:
    """Whether both are numbers or both are texts, the column's within the key's bounds."""
    if not ((column.is_whole and key.is_whole) or (column.is_text and key.is_text)):
        return False
    low, high, least, most = column.min, column.max, key.min, key.max
    if isinstance(low, int) and isinstance(high, int) and isinstance(least, int) and isinstance(most, int):
        return least <= low and high <= most
    if isinstance(low, str) and isinstance(high, str) and isinstance(least, str) and isinstance(most, str):
        return least <= low and high <= most
    return False


def _words(name: str) -> list[str]:
    return [folded(word) for word in _WORDS.findall(name)]


def _singular(name: str) -> list[str]:
    words = _words(name)
    last = words[-1] if words else ""
    if last.endswith("ies"):
        last = f"{last[:-3]}y"
    elif last.endswith("s") and not last.endswith("ss"):
        last = last[:-1]
    return [*words[:-1], last]
