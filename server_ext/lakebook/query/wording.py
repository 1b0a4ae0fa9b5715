"""A reading in words: "revenue by Country, without United Kingdom, top 5"."""

from __future__ import annotations

from collections.abc import Sequence

from lakebook.query.reading import Every, Figure, Having, Order, Reading
from lakebook.query.terms import Field, Term, Thing
from lakebook.query.wording_terms import condition_words, figure_words, term_words, value_words

_ALONG = {"difference": "change of", "growth": "growth in percent of", "running": "running total of"}
_SIGNS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "=": "=", "<>": "≠"}


def wording(reading: Reading) -> str:
    """Each part of the reading, in one line."""
    pieces = [_head(reading)]
    if reading.where is not None:
        conditions = reading.where.conditions if isinstance(reading.where, Every) else (reading.where,)
        pieces += [condition_words(each, reading.groups) for each in conditions]
    pieces += [_having(each) for each in reading.having]
    pieces += _order(reading)
    if reading.digits is not None:
        decimals = f"{reading.digits} decimal{'s' if reading.digits > 1 else ''}"
        pieces.append(f"rounded to {decimals if reading.digits else 'whole numbers'}")
    return ", ".join(piece for piece in pieces if piece)


def _head(reading: Reading) -> str:
    figures = " and ".join(figure_words(each) for each in reading.figures)
    groups = " and ".join(_words(reading.groups))
    if reading.count_groups:
        return f"how many {groups}"
    if not reading.figures and reading.groups:
        more = _words(reading.columns)
        return " and ".join([groups, *more])
    if reading.figures:
        said = f"{_ALONG[reading.along.kind]} {figures}" if reading.along else figures
        said += f" by {groups}" if groups else ""
        return f"{said}, with {' and '.join(_words(reading.columns))}" if reading.columns else said
    return _listed(reading)


def _listed(reading: Reading) -> str:
    columns = ", ".join(_words(reading.columns))
    subject = term_words(reading.subject) if reading.subject else ""
    if reading.distinct:
        return f"different {columns}"
    if reading.subject and [each.column for each in reading.columns if isinstance(each, Field)] == [
        *reading.subject.table.columns
    ]:
        return f"every column of {reading.subject.table.name}"
    if not columns:
        return f"rows of {reading.subject.table.name}" if reading.subject else "rows"
    return f"{columns} of {subject}" if subject and subject != columns else columns


def _words(terms: Sequence[Term | Thing]) -> list[str]:
    """The terms, those that would be called the same with their tables' names."""
    said = [term_words(each) for each in terms]
    doubtful = {word for word in said if said.count(word) > 1} | {"Name", "name", "Title", "title"}
    return list(
        dict.fromkeys(
            word if word not in doubtful or isinstance(each, Thing) else term_words(each, alone=False)
            for each, word in zip(terms, said, strict=True)
        )
    )


def _having(having: Having) -> str:
    other = having.value
    said = figure_words(other) if isinstance(other, Figure) else value_words(other)
    return f"{figure_words(having.figure)} {_SIGNS[having.operator]} {said}"


def _order(reading: Reading) -> list[str]:
    orders, limit = reading.order, reading.limit
    ranked = [each for each in orders if not isinstance(each.by, Term)]
    said = [] if ranked or reading.along else [_by(each) for each in orders]
    said += [_by(each) for each in ranked if each.by not in reading.figures[:1]]
    if limit is None:
        first = ranked[0] if ranked and not said else None
        return said + ([f"{'highest' if first.descending else 'lowest'} first"] if first else [])
    which = ("top" if ranked[0].descending else "bottom") if ranked else "first"
    each_of = f" for each {' and '.join(_words(reading.each))}" if reading.each else ""
    return [*said, f"{which} {limit}{each_of}"]


def _by(order: Order) -> str:
    by = term_words(order.by) if isinstance(order.by, Term) else figure_words(order.by)
    return f"by {by}, {'highest' if order.descending else 'lowest'} first"
