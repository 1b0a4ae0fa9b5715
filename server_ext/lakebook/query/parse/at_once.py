"""One row has one value of a column: who is to have two of them, or one without the other, has them in several rows.

"Customers who bought a lamp and a table" are not those of one row, so a reading that asks it of one row is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from lakebook.query.parse.graph import Graph
from lakebook.query.parse.wants import Draft
from lakebook.query.parse.words import Token
from lakebook.query.reading import Aggregate, Among, Condition, Has, Named, Reading, each_of
from lakebook.query.tables import Table
from lakebook.query.terms import Computed, Field, Thing


def asked_of_one_row(words: tuple[Token, ...], draft: Draft, reading: Reading, graph: Graph) -> str:
    """The words by which values that a thing has in several of its rows are asked of one of them; empty if none are."""
    # What a question begins with is said of all of it: "for Spain and Portugal, the number of orders".
    filters = [words[span.start : span.end] for span in draft.spans if span.part == "filter" and span.start]
    folds = [{token.fold for token in each} for each in filters]
    if _says_only(words, draft) and _may_have_others(reading, graph):
        return "only"
    joined = any("and" in each for each in folds) and not any("or" in each for each in folds)
    for among, others in _chosen(reading.where):
        if (_excludes(among, others) or (joined and are_several(among))) and _has_several(reading, among, graph):
            return " ".join(token.text for each in filters for token in each)
    return ""


def _says_only(words: tuple[Token, ...], draft: Draft) -> bool:
    """ "On cancelled invoices only": said after a condition."""
    ends = {span.end for span in draft.spans if span.part == "filter"}
    return any(words[end].fold == "only" for end in ends if end < len(words))


def _may_have_others(reading: Reading, graph: Graph) -> bool:
    """Whether things asked about may also have rows that the condition leaves out; whole rows are as they are."""
    where = each_of(reading.where)
    if any(isinstance(each, Has) for each in where):
        return False
    kinds = [each.term for each in where if isinstance(each, Among | Named)]
    tables = [term.table for term in kinds if isinstance(term, Field | Computed)]
    return any(
        (thing is not None if own == table else not graph.leads(own, table))
        for own, thing in _asked_about(reading)
        for table in tables
    )


def _chosen(where: Condition | None) -> Iterator[tuple[Among, tuple[Condition, ...]]]:
    """Each choice of values with the conditions that the same row is to meet."""
    conditions = each_of(where)
    for each in conditions:
        if isinstance(each, Among) and not each.negated:
            yield each, conditions
        elif isinstance(each, Has) and not (each.negated or each.only):
            yield from _chosen(each.where)


def are_several(among: Among) -> bool:
    """Whether the values are more than spellings of one: 85123A and 85123a."""
    return len({str(value).casefold() for value in among.values}) > 1


def _excludes(among: Among, others: tuple[Condition, ...]) -> bool:
    """Whether another condition excludes what this one does not have anyway."""
    excluded = [each for each in others if isinstance(each, Among) and each.negated and each.term == among.term]
    return any(not set(each.values) & set(among.values) for each in excluded)


def _has_several(reading: Reading, among: Among, graph: Graph) -> bool:
    """Whether one of the things asked about can have several rows of the choice's table, and so several values."""
    if not isinstance(among.term, Field):
        return False
    table = among.term.table
    return any(
        (thing is not None and among.term not in thing) if own == table else not graph.leads(own, table)
        for own, thing in _asked_about(reading)
    )


def _asked_about(reading: Reading) -> Iterator[tuple[Table, tuple[Field, ...] | None]]:
    """The tables of what is counted or listed, with the columns that tell the things apart where rows do not."""
    for figure in reading.figures:
        if isinstance(figure, Aggregate) and figure.kind == "rows":
            yield figure.table, None
        elif isinstance(figure, Aggregate) and figure.kind == "distinct":
            yield figure.table, _key(figure.of)
    for column in reading.columns:
        if isinstance(column, Field):
            yield column.table, (column,) if reading.distinct else None


def _key(of: object) -> tuple[Field, ...]:
    if isinstance(of, Thing):
        return tuple(each for each in of.key if isinstance(each, Field))
    return (of,) if isinstance(of, Field) else ()
