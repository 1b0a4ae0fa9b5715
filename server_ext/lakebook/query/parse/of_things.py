"""A condition may be of the rows or of the things that have them.

Species not found on an island have no row there at all; countries with a total above 100 have it in all their rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from lakebook.query.parse.binding import is_additive
from lakebook.query.parse.lexicon.nouns import OF_ONE_ROW
from lakebook.query.parse.names import Noun, is_identifier
from lakebook.query.parse.words import Token, parts
from lakebook.query.reading import (
    Aggregate,
    Among,
    Compare,
    Condition,
    Every,
    Has,
    Having,
    Like,
    Named,
    Reading,
    Within,
    each_of,
)
from lakebook.query.terms import Computed, Field, Part, Thing

# Words that leave rows out, and say nothing of the things' other rows.
_LEAVING_OUT = frozenset({
    "except", "excluding", "exclude", "outside", "apart", "other", "besides", "aside", "leaving", "leave", "ignoring",
    "ignore", "counting", "disregarding", "omitting", "omit", "skipping", "skip", "minus", "excl", "excepting",
    "removing", "remove", "setting", "filtering", "left", "set", "elsewhere", "anywhere", "everywhere", "but", "drop",
    "including", "non", "excluded", "counted", "omitted", "ignored", "removed", "dropped", "skipped",
})  # fmt: skip


_OF_A_ROW = OF_ONE_ROW | {"once", "least", "a", "an"}
_Negated = Among | Like | Named | Within
_ALTOGETHER = frozenset({"total", "sum", "amount", "altogether", "overall"})


def also_of_things(words: tuple[Token, ...], reading: Reading) -> Reading | None:
    """The reading by which a condition is of all rows of a thing; None where the words are of single rows."""
    own = _told_apart(reading)
    if own is None or not _has_several_rows(own):
        return None
    known = each_of(reading.where)
    folds = [token.fold for token in words]
    made = _without_any(folds, own, known) or _altogether(folds, own, known)
    if made is None:
        return None
    condition, rest = made
    if isinstance(condition, Having):
        listed = replace(reading, columns=(), distinct=False, figures=(), groups=(own,), having=(condition,))
        counted = bool(reading.figures)
        return replace(listed, subject=Thing(own.table, (own,)), where=_joined(rest), count_groups=counted)
    return replace(reading, subject=Thing(own.table, (own,)), where=_joined((*rest, condition)))


def _without_any(
    folds: list[str], own: Field, known: tuple[Condition, ...]
) -> tuple[Condition, tuple[Condition, ...]] | None:
    """ "Not found on Biscoe": no row of theirs is."""
    negated = [each for each in known if isinstance(each, _Negated) and _is_of_others(each, own)]
    if len(negated) != 1 or not _LEAVING_OUT.isdisjoint(folds):
        return None
    positive = replace(negated[0], negated=False)
    return Has(Thing(own.table, ()), positive, negated=True), tuple(each for each in known if each not in negated)


def _altogether(
    folds: list[str], own: Field, known: tuple[Condition, ...]
) -> tuple[Having, tuple[Condition, ...]] | None:
    """ "With a total above 100": their rows have it together."""
    sums = [each for each in known if isinstance(each, Compare) and each.operator != "=" and _adds_up(each, own)]
    single = not _OF_A_ROW.isdisjoint(folds) and _ALTOGETHER.isdisjoint(folds)
    single = single and (is_identifier(own.column) or not any(_names_it(each, folds) for each in sums))
    if len(sums) != 1 or single or not isinstance(sums[0].value, int | float | Decimal):
        return None
    figure = Aggregate("sum", own.table, sums[0].term)
    return Having(figure, sums[0].operator, sums[0].value), tuple(each for each in known if each not in sums)


def _names_it(condition: Compare, folds: list[str]) -> bool:
    """ "Channels with a quantity of more than 1000": of a row or of all, "a" does not say."""
    own = set(parts(condition.term.column.name)) if isinstance(condition.term, Field) else set()
    return any(fold in ("a", "an") and then in own for fold, then in pairwise(folds))


def _adds_up(condition: Compare, own: Field) -> bool:
    term = condition.term
    return (
        isinstance(term, Field | Computed) and term.table == own.table and is_additive(Noun("field", own.table, term))
    )


def _joined(conditions: tuple[Condition, ...]) -> Condition | None:
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    return Every(conditions)


def _told_apart(reading: Reading) -> Field | None:
    """The column whose different values are listed or counted, and nothing else."""
    if reading.groups or reading.having or reading.each:
        return None
    if not reading.figures and reading.distinct and len(reading.columns) == 1:
        return _plain(reading.columns[0])
    if len(reading.figures) != 1 or not isinstance(reading.figures[0], Aggregate):
        return None
    figure = reading.figures[0]
    return _plain(figure.of) if figure.kind == "distinct" and figure.where is None else None


def _has_several_rows(own: Field) -> bool:
    """Whether a thing has several rows, as far as is known."""
    rows, values = own.table.row_count, own.column.unique_count
    return rows is None or values is None or values < rows


def _plain(term: object) -> Field | None:
    if isinstance(term, Thing) and len(term.key) == 1:
        term = term.key[0]
    return term if isinstance(term, Field) and not term.column.is_time and not term.role else None


def _is_of_others(condition: _Negated, own: Field) -> bool:
    return condition.negated and any(each.table == own.table and each != own for each in _fields(condition.term))


def _fields(term: object) -> Iterator[Field | Computed]:
    while isinstance(term, Part):
        term = term.term
    if isinstance(term, Field | Computed):
        yield term
