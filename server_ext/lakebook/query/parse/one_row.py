"""Amounts of one row, of a thing of several rows and of a group: each is none of the others."""

from __future__ import annotations

from collections.abc import Iterator

from lakebook.query.parse.lexicon.nouns import PIECES
from lakebook.query.parse.names import Names, Noun, is_identifier
from lakebook.query.parse.phrases import Marks, marks
from lakebook.query.parse.words import Token, parts, stems
from lakebook.query.reading import Compare, Condition, Metric, Reading
from lakebook.query.terms import Field, Thing

_BESIDE = frozenset({"gt", "ge", "lt", "le"})
_ONE = frozenset({"a", "an", "single", "one", "any"})


def amounts_of_others(words: tuple[Token, ...], reading: Reading, conditions: list[Condition], names: Names) -> bool:
    """Whether an amount is asked of other rows than those that the words say."""
    compared = [each for each in conditions if isinstance(each, Compare) and each.operator != "="]
    if not compared and not reading.having:
        return False
    said = marks(words)
    return (
        any(_sums_up(words, said, at, reading, names) for at in _before_amounts(said))
        or (bool(compared) and not reading.having and _is_earned(said))
        or (any(map(_is_of_a_price, compared)) and not _says_price([token.fold for token in words]))
        or any(_is_of_lines(nouns, reading, compared) for nouns in _beside_amounts(words, said, names))
    )


def _before_amounts(said: Marks) -> Iterator[int]:
    """The places of words that stand before "more than", or before a verb of money."""
    for at in range(1, len(said) - 1):
        if not _BESIDE.isdisjoint(said[at + 1]) or "money_verb" in said[at + 1]:
            yield at


def _sums_up(words: tuple[Token, ...], said: Marks, at: int, reading: Reading, names: Names) -> bool:
    """ "Countries with an invoice above 20 dollars" have one such invoice; all of theirs together are no invoice."""
    if not any(isinstance(each.figure, Metric) or getattr(each.figure, "kind", "") == "sum" for each in reading.having):
        return False
    one = words[at - 1].fold in _ONE
    if not one and _BESIDE.isdisjoint(said[at + 1]):
        return False
    things = [noun.table for noun in names.at(stems((words[at].fold,))) if noun.kind == "table"]
    whole = any(isinstance(each, Thing) and each.table in things for each in reading.groups)
    return bool(things) and (one or not whole)


def _is_earned(said: Marks) -> bool:
    """ "Genres that made more than 20 dollars" made them with all their sales, and not with one above 20."""
    earned = [end for here in said for end in here.get("money_verb", ()) if end < len(said)]
    return any(not _BESIDE.isdisjoint(said[end]) for end in earned)


def _beside_amounts(words: tuple[Token, ...], said: Marks, names: Names) -> Iterator[tuple[Noun, ...]]:
    """What the words right before "more than 500" name."""
    for at in range(len(said) - 1):
        if not _BESIDE.isdisjoint(said[at + 1]):
            yield names.at(stems((words[at].fold,)))


def _is_of_lines(nouns: tuple[Noun, ...], reading: Reading, compared: list[Compare]) -> bool:
    """ "Orders above 500 pounds" of a table of their lines: neither lines at such a price nor 500 orders."""
    keys = [noun.term for noun in nouns if noun.kind == "field" and isinstance(noun.term, Field) and _has_lines(noun)]
    if not keys or any(each in keys or getattr(each, "key", ())[:1] == (keys[0],) for each in reading.groups):
        return False
    return bool(reading.having) or any(
        isinstance(each.term, Field) and each.term.table == keys[0].table for each in compared
    )


def _is_of_a_price(condition: Compare) -> bool:
    """ "Orders above 500 pounds" come to so much; what is said of a price names it."""
    term = condition.term
    if not isinstance(term, Field) or parts(term.column.name)[-1] != "price":
        return False
    return any(not PIECES.isdisjoint(parts(column.name)) for column in term.table.columns)


def _says_price(folds: list[str]) -> bool:
    return not _PRICED.isdisjoint(folds) or any("price" in fold for fold in folds)


_PRICED = frozenset({
    "cost", "costs", "costing", "each", "apiece", "piece", "unit", "charge", "charged",
    "sell", "sells", "sold", "expensive", "cheap", "cheaper", "dearer", "priciest", "item", "items", "free",
})  # fmt: skip


def _has_lines(noun: Noun) -> bool:
    column = getattr(noun.term, "column", None)
    rows = noun.table.row_count or 0
    return column is not None and is_identifier(column) and (column.unique_count or rows) < rows
