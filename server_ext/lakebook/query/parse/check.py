"""The last look at a reading beside the words: what was said must show in the query, or the question is declined."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from lakebook.query.parse.binding import is_additive
from lakebook.query.parse.grammar.step import is_number
from lakebook.query.parse.lexicon.adjectives import MEASURES
from lakebook.query.parse.names import Noun, is_identifier
from lakebook.query.parse.wants import Draft, Span
from lakebook.query.parse.words import Token
from lakebook.query.reading import (
    Aggregate,
    Among,
    Difference,
    Every,
    Figure,
    Metric,
    OfTotal,
    OverGroups,
    Ratio,
    Reading,
)
from lakebook.query.terms import Field, Part, Thing

_DIVIDING = frozenset({"per", "each", "every"})
_BEFORE_EVERY = frozenset({"for", "in", "on", "of", "at", "by", "with", "to", "from"})
_AGAINST = frozenset({"vs", "versus", "compare", "compared", "against"})
_SUPERLATIVES = frozenset({
    "most", "fewest", "highest", "lowest", "largest", "biggest", "smallest", "top", "bottom", "best", "worst",
    "greatest",
    *(word for measure in MEASURES for words in (measure.highest, measure.lowest) for word in words if " " not in word),
})  # fmt: skip
_STARTING = ("starting", "beginning")  # "at multiples of 500" was held beside the width of the bins
_IN_TIME = frozenset({"oldest", "earliest", "first"})  # a series runs from its first day on anyway
_IDLE = frozenset({"nothing"})
_NOT = frozenset({"not", "never", "without", "nobody", "none", "except", "isn't", "didn't", "don't", "doesn't"})
_TOGETHER = frozenset({"together", "combined", "pooled", "jointly", "joined", "overall", "altogether"})
_COUNTS = frozenset({"count", "counts"})
_PASSED = frozenset({"nothing", "table"})
_SILENT = frozenset({"nothing", "table", "filter", "columns"})


def unsaid(words: tuple[Token, ...], draft: Draft, reading: Reading) -> tuple[str, ...]:
    """The words that ask for something the reading does not do; none where it does all that was asked."""
    folds = [token.fold for token in words]
    missing: list[str] = []
    if not _is_divided(reading):
        missing += folds[-1:] if folds[-1:] == ["each"] else []
        missing += [folds[at] for at in _places(draft, _SILENT) if _divides(folds, at)]
    if reading.limit is not None and not reading.each and len(reading.groups) == 1:
        missing += [folds[at] for at in _places(draft, _PASSED) if _divides(folds, at)]
    if "per" in folds and _averages_rows_of_keys(reading):
        missing.append("per")
    if not _is_compared(reading):
        missing += [fold for fold in folds if fold in _AGAINST]
    if not _is_ranked(reading):
        in_order = _IN_TIME if reading.along is not None else frozenset()
        wanted = _SUPERLATIVES - in_order
        missing += [fold for at, fold in enumerate(folds) if fold in wanted and not _at_most(folds, at)]
    idle = [span for span in draft.spans if span.part == "nothing" and folds[span.start] not in _STARTING]
    missing += [words[at].fold for span in idle for at in range(span.start, span.end) if words[at].kind == "number"]
    if "all years" in " ".join(folds) and any(
        isinstance(each, Part) and each.part == "year" for each in reading.groups
    ):
        missing.append("all years")
    if "how many" in " ".join(folds) and not _counts(reading):
        missing.append("how many")
    if not _COUNTS.isdisjoint(words[at].fold for at in _places(draft, _IDLE)) and not _counts_rows(reading):
        missing.append("count")
    if not {("does", "a"), ("does", "an")}.isdisjoint(pairwise(folds)) and not _is_per_thing(reading):
        missing.append("does")
    if not _is_divided(reading) and not _is_compared(reading):
        filters = [folds[span.start : span.end] for span in draft.spans if span.part == "filter"]
        missing += [f"and {each[0]}" for each in filters if each[0] in _BEFORE_EVERY and _again(each)]
        pooled = not _TOGETHER.isdisjoint(folds) or not _describes(reading)
        before = [folds[span.start : span.end] for span in _spans_before_subject(draft)]
        missing += ["and" for each in before if "and" in each and _are_several(reading) and _counts_rows(reading)]
        missing += [] if pooled else ["and" for each in filters if "and" in each and _are_several(reading)]
    if not (reading.groups or reading.columns):
        missing += [folds[at] for at in _places(draft, _IDLE) if _asks_which(folds, at)]
    if draft.order is not None and not (reading.order or reading.along or reading.count_groups):
        missing.append("order")
    missing += [fold for span in idle for fold in _negations(folds[span.start : span.end])]
    there = tuple(folds[-2:]) in (("are", "there"), ("were", "there"))
    if there and reading.having and reading.figures and not reading.order:
        missing += folds[-2:]  # of things that meet a condition it is asked how many do
    missing += _passed_over(words, draft)
    missing += _not_shown(draft, reading)
    return tuple(dict.fromkeys(missing))


def _again(folds: list[str]) -> bool:
    """ "On Dream and on Biscoe" asks for two figures."""
    return ("and", folds[0]) in pairwise(folds)


def _passed_over(words: tuple[Token, ...], draft: Draft) -> Iterator[str]:
    """ "Country and the customer number": the last of a list of columns is one of them."""
    folds, part, before = [token.fold for token in words], "", list[str]()
    for span in draft.spans:
        after = span.start > 0 and words[span.start - 1].fold in ("and", ",", "&", "plus", "+")
        asks = folds[span.start] in ("which", "what", "who")
        if span.part == "table" and after and (asks or (span.end == len(words) and draft.shown)):
            yield words[span.start].fold
        if before[:1] == ["with"] and len(before) == 2 and words[span.start].fold == "and" and span.part == "columns":
            yield before[1]  # "with date and total" asks for both
        if span.part == "table" and _says_more(folds[span.start : span.end], part):
            yield folds[span.start]
        part, before = span.part, folds[span.start : span.end] if span.part == "filter" else []


_REASONS = frozenset({"because", "since", "as", "if"})


def _negations(folds: list[str]) -> list[str]:
    """What is not so, said where it would change nothing; a reason may say it, and "not even once" says no more."""
    if not _REASONS.isdisjoint(folds):
        return []
    return [fold for fold, then in pairwise([*folds, ""]) if fold in _NOT and then not in ("even", "once", "a")]


_DONE = frozenset({"bought", "placed", "ordered", "purchased", "made", "written", "composed", "performed", "paid"})


def _says_more(folds: list[str], before: str) -> bool:
    """ "Whose album …", "sold by media type", "the name of their support rep", "all day" are no remarks."""
    of_another = before == "columns" and folds[0] == "of"
    by = any(then == "by" and fold not in _DONE for fold, then in pairwise(["", *folds]))
    return folds[0] == "whose" or by or of_another or ("all", "day") in pairwise(folds)


def _asks_which(folds: list[str], at: int) -> bool:
    """ "How many …, and who are they" asks for names."""
    return folds[at] in ("which", "who") and at > 0 and (folds[at - 1] in ("and", "?", ".", ",", ":", "-"))


def _spans_before_subject(draft: Draft) -> Iterator[Span]:
    """ "Male and female penguins" are two kinds of them."""
    for span, then in pairwise(draft.spans):
        if span.part == "filter" and then.part == "subject":
            yield span


def _describes(reading: Reading) -> bool:
    """ "The average mass of Adelie and Gentoo" is two averages, unless it is said that they are taken together."""
    kinds = {"avg", "median", "quantile", "stddev", "variance", "min", "max"}
    return any(getattr(each, "kind", "") in kinds for each in inner(reading.figures))


def _are_several(reading: Reading) -> bool:
    where = reading.where.conditions if isinstance(reading.where, Every) else (reading.where,)
    return any(isinstance(each, Among) and len(each.values) > 1 and not each.negated for each in where)


def _counts_rows(reading: Reading) -> bool:
    kinds = {"rows", "distinct"}
    return reading.count_groups or any(
        isinstance(figure, Metric) or getattr(figure, "kind", "") in kinds for figure in inner(reading.figures)
    )


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
    return folds[at] != "every" or (at > 0 and folds[at - 1] in _BEFORE_EVERY)


def _places(draft: Draft, parts: frozenset[str]) -> Iterator[int]:
    for span in draft.spans:
        if span.part in parts:
            yield from range(span.start, span.end)


def _at_most(folds: list[str], at: int) -> bool:
    return (
        at > 0 and folds[at - 1] in ("at", "the", "from") and folds[at] in ("most", "least") and folds[at - 1] == "at"
    )


def _is_divided(reading: Reading) -> bool:
    return bool(reading.groups or reading.each) or any(
        isinstance(figure, OverGroups) for figure in inner(reading.figures)
    )


def _averages_rows_of_keys(reading: Reading) -> bool:
    """ "average units per order" is one number, not the average of the lines of each order."""
    keyed = any(isinstance(group, Thing) or _is_key_field(group) for group in reading.groups)
    return keyed and not reading.order and any(_is_row_average(figure) for figure in reading.figures)


def _is_row_average(figure: Figure) -> bool:
    if not isinstance(figure, Aggregate) or figure.kind not in ("avg", "median") or not isinstance(figure.of, Field):
        return False
    return is_additive(Noun("field", figure.table, figure.of))


def _is_key_field(group: object) -> bool:
    return isinstance(group, Field) and is_identifier(group.column)


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


def inner(figures: tuple[Figure, ...]) -> Iterator[Figure]:
    """The figures with those that they are made of."""
    for figure in figures:
        yield figure
        match figure:
            case Ratio():
                yield from inner((figure.top, figure.bottom))
            case Difference():
                yield from inner((figure.left, figure.right))
            case OfTotal() | OverGroups():
                yield from inner((figure.figure,))
            case Aggregate() | Metric():
                continue
