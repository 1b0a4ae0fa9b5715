"""A table named at the end of a question: "top 5 countries by revenue in orders"."""

from __future__ import annotations

from collections.abc import Sequence

from lakebook.query.parse.words import Token, parts, stems
from lakebook.query.tables import Table, folded

_LEADS = frozenset({"in", "from", "of", "over"})
_TABLE = frozenset({"table", "dataset"})
_LONGEST = 8  # tokens of a table's name


def named_table(words: Sequence[Token], tables: Sequence[Table]) -> tuple[Table, int] | None:
    """The table that the last words name after "in" or the like, and where these words begin; None where none is."""
    for place in range(len(words) - 2, max(0, len(words) - _LONGEST), -1):
        if words[place].fold in _LEADS:
            rest = list(words[place + 1 :])
            rest = rest[1:] if rest[0].fold == "the" else rest
            if words[place].fold == "of" and not _TABLE.intersection(token.fold for token in words[place:]):
                continue  # "with the number of orders" asks for their number
            rest = rest[1:] if rest and rest[0].fold in _TABLE else rest
            rest = rest[:-1] if rest and rest[-1].fold in _TABLE else rest
            found = [table for table in tables if _is_named(table, rest)]
            if len(found) == 1:
                return found[0], place
    return None


def _is_named(table: Table, words: Sequence[Token]) -> bool:
    if not words:
        return False
    written = "".join(token.text for token in words)
    if folded(written) in (folded(table.name), folded(table.full_name)):
        return True
    said = tuple(part for token in words for part in parts(token.text))
    return stems(said) == stems(parts(table.name))
