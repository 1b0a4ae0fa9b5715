"""Which of the things that words may name is meant: the nearest to what the question is about."""

from __future__ import annotations

from collections.abc import Sequence

from lakebook.query.parse.graph import Graph
from lakebook.query.parse.lexicon.nouns import ADDITIVE, IDENTIFIERS, PERSONS
from lakebook.query.parse.lexicon.units import SUFFIXES
from lakebook.query.parse.names import Names, Noun, is_identifier, is_of_a_life
from lakebook.query.parse.values import Hit
from lakebook.query.parse.wants import Nouns
from lakebook.query.parse.words import parts, stems
from lakebook.query.tables import Column, Table
from lakebook.query.terms import Computed, Field, Term

STEP = 0.4  # what each table between costs
WAYS = {"table": 0.02, "metric": 0.1}  # less where a thing or a metric is called by its own name
CLOSE = 0.12  # nouns whose costs differ by less may both be meant
# Words of times at which a thing ends or that say something else of it: "visits in March" began then.
ENDS = frozenset({
    "discharge", "discharged", "end", "ended", "arrival", "arrived", "due", "update", "updated", "modified", "birth",
    "born", "dob",
    "ship", "shipped", "shipping", "delivery", "delivered", "return", "returned", "closed", "finish", "finished",
    "expiry", "expire", "expired", "paid", "payment",
    "death", "deleted", "cancelled", "completed", "required",
})  # fmt: skip
FARTHEST = 8.0
NAMED = 0.5  # a value dearer than this is a name among many, not a kind


class Unsettled(Exception):
    """A draft that means nothing."""


class Binder:
    """The tables of a question with their names, for choosing what is meant."""

    def __init__(self, graph: Graph, names: Names) -> None:
        self.graph = graph
        self.names = names

    def far(self, table: Table, anchors: Sequence[Table]) -> float:
        """How far a table is from the nearest of the anchors; 0 without anchors."""
        if not anchors:
            return 0.0
        found = [far for each in anchors if (far := self.graph.distance(each, table)) is not None]
        return min(found) if found else 99.0

    def nearest(self, nouns: Nouns, anchors: Sequence[Table]) -> list[tuple[Noun, float]]:
        """The nouns meant near the anchors with what it costs to mean them, best first; several where they tie."""
        nouns = without_repeated(nouns)
        priced = [(noun, noun.cost + WAYS.get(noun.kind, STEP) * self.far(noun.table, anchors)) for noun in nouns]
        priced = sorted((pair for pair in priced if pair[1] < FARTHEST), key=lambda pair: pair[1])
        if not priced:
            raise Unsettled
        return [pair for pair in priced if pair[1] - priced[0][1] < CLOSE][:4]

    def one(self, nouns: Nouns, anchors: Sequence[Table]) -> tuple[Noun, float]:
        """The one noun meant; raises Unsettled where two of different columns tie."""
        found = self.nearest(nouns, anchors)
        meant = {(noun.kind, noun.table.full_name, noun.term, noun.metric) for noun, _ in found}
        if len(meant) > 1:
            raise Unsettled
        return found[0]

    def hits(self, hits: Sequence[Hit], anchors: Sequence[Table]) -> tuple[Hit, float]:
        """The value meant near the anchors; raises Unsettled where two columns tie."""
        hits = self._named_so(hits)
        priced = sorted(
            ((hit, hit.cost + STEP * self.far(hit.table, anchors)) for hit in hits), key=lambda pair: pair[1]
        )
        if not priced or priced[0][1] > FARTHEST:
            raise Unsettled
        close = [hit for hit, cost in priced if cost - priced[0][1] < CLOSE]
        if len({(hit.table.full_name, hit.column) for hit in close}) > 1:
            raise Unsettled
        least = min(hit.cost for hit in hits)
        best = priced[0][0]
        rivals = [hit for hit in hits if hit.column.name != best.column.name and hit.cost <= best.cost]
        if best.cost > NAMED and rivals:
            raise Unsettled
        return priced[0][0], priced[0][1] - least

    def _named_so(self, hits: Sequence[Hit]) -> Sequence[Hit]:
        """The hits without those beside a thing of that name: Metallica is an artist, and what many columns say."""
        named = [hit for hit in hits if hit.column in self.graph.labels(hit.table)]
        if not named or any(hit.cost <= NAMED for hit in hits):
            return hits
        # "Iron Maiden tracks" are the band's, though an album is called like the band.
        whose = [hit for hit in named if not PERSONS.isdisjoint(stems(parts(hit.table.name)))]
        return whose if whose and min(hit.cost for hit in whose) <= min(hit.cost for hit in named) else named

    def times(self, nouns: Nouns, anchors: Sequence[Table]) -> tuple[Field, float]:
        """The time column meant: the one named, else the only one of the nearest table that has one."""
        if nouns:
            noun, cost = self.one(nouns, anchors)
            if isinstance(noun.term, Field):
                return noun.term, cost
            raise Unsettled
        reached = [(self.far(table, anchors), table) for table in self.graph.tables if self.graph.times(table)]
        reached = sorted((pair for pair in reached if pair[0] < FARTHEST), key=lambda pair: pair[0])
        # What happens has a time; who it happens to was born and hired at others.
        reached = [pair for pair in reached if not all(map(is_of_a_life, self.graph.times(pair[1])))] or reached
        columns = [
            (table, column)
            for far, table in reached
            for column in self.graph.times(table)
            if far - reached[0][0] < CLOSE and not (far and is_of_a_life(column))
        ]
        if len(anchors) > 1:  # what a figure counts happens; who it is counted for was born and hired
            columns = [pair for pair in columns if not is_of_a_life(pair[1])] or columns
        if len(columns) > 1:
            columns = [(table, column) for table, column in columns if not ENDS & set(stems(parts(column.name)))]
        if len(columns) != 1:
            raise Unsettled
        table, column = columns[0]
        return Field(table, column), STEP * reached[0][0]

    def belongs(self, table: Table, anchors: Sequence[Table]) -> bool:
        """Whether each row of one of the anchors has one row of the table: a condition there is about the row."""
        return not anchors or any(self.graph.leads(anchor, table) for anchor in anchors)

    def sales(self, near: Table) -> Table | None:
        """The nearest table whose rows are sales: it has a quantity and a price, or an amount."""
        for ends in (_PIECES, _AMOUNTS):
            found = [
                table
                for table in self.graph.tables
                if ends <= _last_words(table) and self.far(table, [near]) < FARTHEST
            ]
            if found:
                return min(found, key=lambda table: self.far(table, [near]))
        return None

    def year_column(self, anchors: Sequence[Table]) -> Field | None:
        """A column of whole numbers that is called year, in a table near by."""
        for table in sorted(self.graph.tables, key=lambda each: self.far(each, anchors)):
            for column in table.columns:
                if column.name.casefold() == "year" and column.is_whole and self.far(table, anchors) < FARTHEST:
                    return Field(table, column)
        return None


def without_repeated(nouns: Nouns) -> Nouns:
    """The nouns; where a table's rows repeat the key of what the word names ("orders"), the key alone."""
    keys = [noun for noun in nouns if _repeats(noun) and any(each.kind == "table" for each in nouns)]
    tables = {noun.table.full_name for noun in keys}
    return tuple(noun for noun in nouns if noun.kind != "table" or noun.table.full_name not in tables)


def _repeats(noun: Noun) -> bool:
    """Whether a key is called by its table's name and has not another value in each row."""
    column = column_of(noun.term)
    if noun.kind != "field" or column is None or not is_key(noun):
        return False
    own, named = stems(parts(noun.table.name))[-1:], stems(parts(column.name))[:1]
    return bool(own) and own == named and column.unique_count not in (None, noun.table.row_count)


_PIECES, _AMOUNTS = {"quantity", "price"}, {"amount"}


def _last_words(table: Table) -> set[str]:
    """The last word of each number column's name."""
    return {stems(parts(column.name))[-1] for column in table.columns if column.is_number and parts(column.name)}


def column_of(term: Term | None) -> Column | None:
    """The column of a field; None for other terms."""
    return term.column if isinstance(term, Field) else None


def is_additive(noun: Noun) -> bool:
    """Whether the values of a noun make sense summed up."""
    if isinstance(noun.term, Computed):
        return noun.term.is_number
    column = column_of(noun.term)
    if column is None or not column.is_number or is_identifier(column):
        return False
    words = stems(parts(column.name))
    if len(words) > 1 and words[-1] in SUFFIXES:
        words = words[:-1]
    return words[-1] in ADDITIVE


def is_key(noun: Noun) -> bool:
    """Whether a noun tells things apart, so that it is counted by its different values."""
    column = column_of(noun.term)
    if column is None:
        return False
    return is_identifier(column) or column.is_text or stems(parts(column.name))[-1] in IDENTIFIERS
