"""Which column or table a run of words names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from lakebook.query.tables import Column, Table
from lakebook.query.understand.lexicon import IDENTIFIERS, SYNONYMS, UNITS
from lakebook.query.understand.words import Token, parts, singular, stems

LONGEST_NAME = 8

# The better the match the lower: the whole name, without its unit, without its "id", its last word alone.
WHOLE, UNITLESS, BARE, LAST = range(4)


@lru_cache(maxsize=512)
def spellings(column: Column) -> dict[tuple[str, ...], int]:
    """The runs of words (in the singular) that name the column, each with how well."""
    found: dict[tuple[str, ...], int] = {}
    for name in (column.name, column.label):
        words = stems(parts(name))
        if not words:
            continue
        found.setdefault(words, WHOLE)
        if len(words) > 1 and words[-1] in UNITS:
            words = words[:-1]
            found.setdefault(words, UNITLESS)
        if len(words) > 1 and words[-1] in IDENTIFIERS:
            found.setdefault(words[:-1], BARE)
            for other in sorted(IDENTIFIERS):
                found.setdefault((*words[:-1], other), BARE)
        elif len(words) > 1 and words[-1] != "name":
            found.setdefault(words[-1:], LAST)
    for said, meant in SYNONYMS.items():
        meant_words, said_words = stems(meant), stems(said)
        for words, tier in list(found.items()):
            if words == meant_words:
                found.setdefault(said_words, max(tier, BARE))
    return found


def columns_named(columns: Sequence[Column], tokens: Sequence[Token], start: int) -> list[tuple[int, Column]]:
    """The columns that the longest possible run from `start` names equally well, with the run's end."""
    words: list[str] = []
    best: list[tuple[int, Column]] = []
    for end in range(start + 1, min(len(tokens), start + LONGEST_NAME) + 1):
        token = tokens[end - 1]
        if token.kind not in ("word", "text"):
            break
        words.extend(parts(token.text))
        run = stems(tuple(words))
        tiers = [(spellings(column)[run], column) for column in columns if run in spellings(column)]
        exact = [column for column in columns if end == start + 1 and token.text == column.name]
        if exact:
            best = [(end, exact[0])]
        elif tiers:
            lowest = min(tier for tier, _ in tiers)
            best = [(end, column) for tier, column in tiers if tier == lowest]
    return best


def names_table(table: Table, tokens: Sequence[Token], start: int) -> int | None:
    """The end of the run from `start` that is the table's name, in the singular or the plural; else None."""
    wanted = stems(parts(table.name))
    words: list[str] = []
    for end in range(start + 1, min(len(tokens), start + LONGEST_NAME) + 1):
        token = tokens[end - 1]
        if token.kind not in ("word", "text"):
            return None
        words.extend(parts(token.text))
        if stems(tuple(words)) == wanted:
            return end
        if len(words) > len(wanted):
            return None
    return None


def last_word(column: Column) -> str:
    """The last word of the column's name, in the singular, without a unit of measure."""
    words = stems(parts(column.name))
    if len(words) > 1 and words[-1] in UNITS:
        words = words[:-1]
    return words[-1] if words else ""


def is_identifier(column: Column) -> bool:
    """Whether the name says that the values are keys or numbers of things."""
    words = stems(parts(column.name))
    return bool(words) and words[-1] in IDENTIFIERS


def thing(column: Column) -> str:
    """What an identifier identifies: InvoiceNo is an invoice; empty for other columns."""
    words = stems(parts(column.name))
    return words[-2] if is_identifier(column) and len(words) > 1 else ""


def unit(column: Column) -> str:
    """The unit of measure at the end of the column's name, or an empty text."""
    words = tuple(singular(word) for word in parts(column.name))
    return words[-1] if len(words) > 1 and words[-1] in UNITS else ""
