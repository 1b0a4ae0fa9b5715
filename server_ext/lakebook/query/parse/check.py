"""The last look at a reading beside the words: what was said must show in the query, or the question is declined."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from lakebook.query.parse.apart import BEFORE, apart
from lakebook.query.parse.figures_within import counts_rows, inner
from lakebook.query.parse.grammar.step import is_number
from lakebook.query.parse.half_said import half_said
from lakebook.query.parse.lexicon.adjectives import MEASURES
from lakebook.query.parse.one_asked import asks_for_one
from lakebook.query.parse.other_figures import other_figures
from lakebook.query.parse.passed_over import IDLE, passed_over, places
from lakebook.query.parse.wants import Draft
from lakebook.query.parse.words import Token
from lakebook.query.reading import (
    Aggregate,
    Difference,
    Metric,
    OverGroups,
    Reading,
)
from lakebook.query.terms import Part, Thing

_DIVIDING = frozenset({"per", "each", "every"})
_AGAINST = frozenset({"vs", "versus", "compare", "compared", "against"})
_SUPERLATIVES = frozenset({
    "most", "fewest", "highest", "lowest", "largest", "biggest", "smallest", "top", "bottom", "best", "worst",
    "greatest",
    *(word for measure in MEASURES for words in (measure.highest, measure.lowest) for word in words if " " not in word),
})  # fmt: skip
_IN_TIME = frozenset({"oldest", "earliest", "first"})  # a series runs from its first day on anyway
_COUNTS = frozenset({"count", "counts"})
_PASSED = frozenset({"nothing", "table"})
_SILENT = frozenset({"nothing", "table", "filter", "columns"})


def unsaid(words: tuple[Token, ...], draft: Draft, reading: Reading) -> tuple[str, ...]:
    """The words that ask for something the reading does not do; none where it does all that was asked."""
    folds = [token.fold for token in words]
    missing = [
        *_undivided(folds, draft, reading),
        *_unranked(folds, reading),
        *_uncounted(folds, draft, reading),
        *(apart(folds, draft, reading) if not (_is_divided(reading) or _is_compared(reading)) else ()),
        *passed_over(words, draft, reading),
        *_not_shown(draft, reading),
        *other_figures(words, draft, reading),
        *half_said(words, draft, reading),
    ]
    return tuple(dict.fromkeys(missing))


def _undivided(folds: list[str], draft: Draft, reading: Reading) -> Iterator[str]:
    """ "Per", "each", "versus" of what is neither broken down nor compared."""
    if not _is_divided(reading):
        yield from folds[-1:] if folds[-1:] == ["each"] else []
        yield from (folds[at] for at in places(draft, _SILENT) if _divides(folds, at))
    if reading.limit is not None and not reading.each and len(reading.groups) == 1:
        yield from (folds[at] for at in places(draft, _PASSED) if _divides(folds, at))
    yield from asks_for_one(folds, draft, reading)
    if not {("does", "a"), ("does", "an")}.isdisjoint(pairwise(folds)) and not _is_per_thing(reading):
        yield "does"
    if not _is_compared(reading):
        yield from (fold for fold in folds if fold in _AGAINST)
    years = any(isinstance(each, Part) and each.part == "year" for each in reading.groups)
    if years and "all years" in " ".join(folds):
        yield "all years"


def _unranked(folds: list[str], reading: Reading) -> Iterator[str]:
    if not _is_ranked(reading):
        wanted = _SUPERLATIVES - (_IN_TIME if reading.along is not None else frozenset())
        yield from (fold for at, fold in enumerate(folds) if fold in wanted and not _at_most(folds, at))


def _uncounted(folds: list[str], draft: Draft, reading: Reading) -> Iterator[str]:
    if "how many" in " ".join(folds) and not _counts(reading):
        yield "how many"
    if not _COUNTS.isdisjoint(folds[at] for at in places(draft, IDLE)) and not counts_rows(reading):
        yield "count"
    there = tuple(folds[-2:]) in (("are", "there"), ("were", "there"))
    if there and reading.having and reading.figures and not reading.order:
        yield from folds[-2:]  # of things that meet a condition it is asked how many do


def _is_per_thing(reading: Reading) -> bool:
    """ "How many tracks does an album have" asks for a typical one, not for all."""
    kinds = {"avg", "median", "min", "max", "quantile"}
    return _is_divided(reading) or any(getattr(each, "kind", "") in kinds for each in inner(reading.figures))


def _not_shown(draft: Draft, reading: Reading) -> Iterator[str]:
    """The columns asked for beside that are nowhere in the result: "with date and total"."""
    figures = tuple(inner(reading.figures))
    things = [group for group in reading.groups if isinstance(group, Thing)]
    terms = [*reading.columns, *reading.groups, *(each for thing in things for each in (*thing.key, *thing.labels))]
    terms += [figure.of for figure in figures if isinstance(figure, Aggregate) and figure.of is not None]
    there = {_column(term) for term in terms}
    for item in draft.shown:
        columns = {_column(noun.term) for noun in item} if isinstance(item, tuple) else set()
        listed = not (reading.figures or reading.order or reading.having)
        fields = [noun for noun in item if noun.kind == "field"] if isinstance(item, tuple) else []
        plain = fields == list(item if isinstance(item, tuple) else ()) and (listed or not any(map(is_number, fields)))
        if fields and plain and columns.isdisjoint(there):
            yield " or ".join(sorted(columns))


def _column(term: object) -> str:
    column = getattr(term, "column", None) or getattr(getattr(term, "term", None), "column", None)
    return column.name if column is not None else ""


def _divides(folds: list[str], at: int) -> bool:
    """Whether the word breaks down: "per", "in each"; "every" by itself asks for a list."""
    if folds[at] not in _DIVIDING or at + 1 >= len(folds):
        return False
    return folds[at] != "every" or (at > 0 and folds[at - 1] in BEFORE)


def _at_most(folds: list[str], at: int) -> bool:
    return (
        at > 0 and folds[at - 1] in ("at", "the", "from") and folds[at] in ("most", "least") and folds[at - 1] == "at"
    )


def _is_divided(reading: Reading) -> bool:
    return bool(reading.groups or reading.each) or any(
        isinstance(figure, OverGroups) for figure in inner(reading.figures)
    )


def _is_compared(reading: Reading) -> bool:
    several = len(reading.figures) > 1 or reading.along is not None or bool(reading.groups)
    return several or any(isinstance(figure, Difference) for figure in reading.figures)


def _is_ranked(reading: Reading) -> bool:
    if reading.order:
        return True
    return any(getattr(figure, "kind", "") in ("min", "max") for figure in inner(reading.figures))


def _counts(reading: Reading) -> bool:
    if reading.count_groups or reading.order or reading.having or reading.columns:
        return True
    kinds = {"rows", "distinct", "sum", "avg", "median"}
    return any(isinstance(figure, Metric) or getattr(figure, "kind", "") in kinds for figure in inner(reading.figures))
