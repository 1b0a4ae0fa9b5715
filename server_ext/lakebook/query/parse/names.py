"""What the names of tables, columns and metrics are in people's words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lakebook.query.domain import Domain
from lakebook.query.parse.graph import Graph
from lakebook.query.parse.lexicon.nouns import (
    FIRST_NAMES,
    IDENTIFIERS,
    JOB_WORDS,
    KINDS,
    LIVES,
    RUNS,
    UNITS_OF_TIME,
    WORDS,
)
from lakebook.query.parse.lexicon.time import EVENTS
from lakebook.query.parse.lexicon.units import SUFFIXES
from lakebook.query.parse.values import Values
from lakebook.query.parse.words import parts, stems
from lakebook.query.reading import Metric
from lakebook.query.tables import Column, Table, folded
from lakebook.query.terms import Computed, Field
from lakebook.semantics import model as meaning

LONGEST_NAME = 6
_TAILS = frozenset({"to", "on", "at", "of", "by", "for", "in", "from", "with", "or", "and", "is", "per"})
_YES = frozenset({"yes", "y", "true", "t"})
_YES_OR_NO = ({"yes", "no"}, {"y", "n"}, {"true", "false"}, {"t", "f"})
_DIMENSIONS = frozenset({"length", "width", "depth", "height", "mass", "weight", "speed", "size", "duration"})
Run = tuple[str, ...]
_RUNS = {stems(run): said for run, said in RUNS.items()}
_WORDS = {stems((word,))[0]: said for word, said in WORDS.items()}


@dataclass(frozen=True, eq=False)
class Noun:
    """What a run of words may name: `table` (its rows), `field`, `metric` or `filter`; `cost` says how loosely.

    Nouns are made once for a domain and told apart by identity, which keeps drafts cheap to compare.
    """

    kind: str
    table: Table
    term: Field | Computed | None = None
    metric: Metric | None = None
    cost: float = 0.0


class Names:
    """Every run of words that names something in a domain."""

    def __init__(self, domain: Domain, graph: Graph, values: Values | None = None) -> None:
        self.found: defaultdict[Run, dict[Noun, None]] = defaultdict(dict)
        self.metrics: list[Metric] = []
        self._of_events: dict[str, tuple[Noun, ...]] = {}
        self._graph = graph
        modelled: set[tuple[str, str]] = set()
        for model in domain.models:
            self._model(model, domain, modelled)
        for table in domain.tables:
            self._table(table)
            for column in table.columns:
                self._column(table, column)
                self._yes_or_no(table, column, values)
        self._purchases()
        self.words = frozenset(word for run in self.found for word in run)

    def at(self, run: Run) -> tuple[Noun, ...]:
        """The nouns that the run of singular words names, the best of each kind and place first."""
        return tuple(sorted(self.found.get(run, ()), key=lambda noun: noun.cost))

    def of_event(self, event: str) -> tuple[Noun, ...]:
        """The times at which an event happens, by the words of their names: "hired" is the hire date."""
        if event not in self._of_events:
            words = {event, *EVENTS.get(event, ())}
            nouns = (noun for nouns in self.found.values() for noun in nouns)
            self._of_events[event] = tuple(dict.fromkeys(noun for noun in nouns if _happens(noun, words)))
        return self._of_events[event]

    def _add(self, run: Run, noun: Noun) -> None:
        if not run or len(run) > LONGEST_NAME:
            return
        for other in self.found[run]:
            same = (other.kind, other.table, other.term, other.metric) == (
                noun.kind,
                noun.table,
                noun.term,
                noun.metric,
            )
            if same and other.cost <= noun.cost:
                return
        self.found[run][noun] = None

    def _table(self, table: Table) -> None:
        name = stems(parts(table.name))
        self._add(name, Noun("table", table))
        if len(name) > 1:
            self._add(name[-1:], Noun("table", table, cost=0.4))
        for word in dict.fromkeys((*name[-1:],)):
            for kind in KINDS.get(word, ()):
                self._add(stems(parts(kind)), Noun("table", table, cost=0.3))
        for column in table.columns:
            if column.is_date and column.unique_count == table.row_count and table.row_count:
                for word in UNITS_OF_TIME["day"]:
                    self._add((word,), Noun("table", table, cost=0.2))
        if any(stems(parts(column.name)) in FIRST_NAMES for column in table.columns):
            self._add(("person",), Noun("table", table, cost=0.5))
            for column in table.columns:
                if stems(parts(column.name)) in (("title",), ("job", "title"), ("position",)):
                    for word in JOB_WORDS:
                        self._add(stems(parts(word)), Noun("field", table, Field(table, column), cost=0.1))

    def _column(self, table: Table, column: Column) -> None:
        field = Field(table, column)
        for run, cost in spellings(column).items():
            self._add(run, Noun("field", table, field, cost=cost))
        words = stems(parts(column.name))
        own = stems(parts(table.name))
        if len(words) == 1 and own and words[0] not in IDENTIFIERS:
            self._add((*own, *words), Noun("field", table, field, cost=0.05))
            self._add((*own[-1:], *words), Noun("field", table, field, cost=0.1))

    def _yes_or_no(self, table: Table, column: Column, values: Values | None) -> None:
        """A column of yes and no is a filter: "cancelled flights"."""
        yes = "" if column.base_type == "BOOLEAN" else None
        if column.is_text and column.unique_count == 2:
            known = values(table, column) if values else list(column.top_values)
            if {value.strip().casefold() for value in known} in _YES_OR_NO:
                yes = next(value for value in known if value.strip().casefold() in _YES)
        if yes is None:
            return
        name = column.name.replace('"', '""')
        quoted = yes.replace("'", "''")
        sql = f'"{name}"' if column.base_type == "BOOLEAN" else f"\"{name}\" = '{quoted}'"
        words = stems(parts(column.name))
        run = words[1:] if len(words) > 1 and words[0] in ("is", "has", "was") else words
        self._add(run, Noun("filter", table, Computed(table, column.name, sql, is_number=False)))

    def _purchases(self) -> None:
        """A purchase is an order, also where a table has a row for each line of it."""
        for noun in self.at(("order",)):
            if noun.kind != "table":
                self._add(("purchase",), replace(noun, cost=noun.cost + 0.1))

    def _model(self, model: meaning.SemanticModel, domain: Domain, modelled: set[tuple[str, str]]) -> None:
        sources: dict[str, Table] = {}
        for dataset in model.datasets:
            table = _source(dataset.source, domain)
            if table is None:
                continue
            sources[folded(dataset.name)] = table
            for said in (dataset.name, *dataset.synonyms):
                self._add(stems(parts(said)), Noun("table", table))
            for field in dataset.fields:
                self._field(field, table)
        for metric in model.metrics:
            tables = tuple(table for name, table in sources.items() if f"{name}." in metric.expression.casefold())
            if not tables:
                continue
            sql = metric.expression
            bare = "/" not in sql and sql.casefold().lstrip().startswith(("sum(", "count("))
            made = Metric(metric.name, sql, tables, is_additive=bare and "distinct" not in sql.casefold())
            self.metrics.append(made)
            for said in (metric.name, *metric.synonyms):
                run = stems(parts(said))
                self._add(run, Noun("metric", tables[0], metric=made))
                if run == ("copy", "sold"):
                    self._add(run[:1], Noun("metric", tables[0], metric=made))  # "by copies"

    def _field(self, field: meaning.Field, table: Table) -> None:
        column = next((each for each in table.columns if folded(each.name) == folded(field.expression.strip())), None)
        is_number = field.data_type in ("Decimal", "Integer", "Float", "Double", "Number")
        term = Field(table, column) if column else Computed(table, field.name, field.expression, is_number)
        kind = "filter" if field.is_filter else "field"
        for said in (field.name, *field.synonyms):
            run = stems(parts(said))
            self._add(run, Noun(kind, table, term))
        if kind == "filter":
            run = stems(parts(field.name))
            if len(run) > 1 and run[0] == "is":
                self._add(run[1:], Noun(kind, table, term))


def _source(name: str, domain: Domain) -> Table | None:
    plain = folded(name.rsplit(".", 1)[-1])
    return next((table for table in domain.tables if folded(table.name) == plain), None)


def spellings(column: Column) -> dict[Run, float]:
    """The runs of words (in the singular) that name the column, each with how loosely."""
    found: dict[Run, float] = {}
    for name in (column.name, column.label):
        words = stems(parts(name))
        if words:
            found.setdefault(words, 0.0)
            if column.is_time and len(words) > 1 and words[-1] in ("on", "at"):
                _event(words, found)
            else:
                _shorter(words, found)
    for run, cost in list(found.items()):
        for said in _RUNS.get(run, ()):
            found.setdefault(stems(parts(said)), cost + 0.1)
        for place, other in _exchanged(run):
            found.setdefault(other, cost + 0.1)
            found.setdefault((other[-1], *other[:-1]), cost + 0.15)
            for second, both in _exchanged(other):
                if second != place:
                    found.setdefault(both, cost + 0.2)
                    found.setdefault((both[-1], *both[:-1]), cost + 0.2)
    return found


def _event(words: Run, found: dict[Run, float]) -> None:
    """ "admitted_on" is the admission, the admission date."""
    for form in _event_forms(words[-2]):
        for tail in (("date",), ("time",), ("day",), ()):
            found.setdefault((*words[:-2], form, *tail), 0.1)


def _shorter(words: Run, found: dict[Run, float]) -> None:
    """A name without its unit, without its "id", its last word alone."""
    least = words[-1] == "min" and _TIMED.isdisjoint(words)
    if len(words) > 1 and words[-1] in SUFFIXES and not least:
        words = words[:-1]
        found.setdefault(words, 0.05)
    if len(words) == 2 and words[-1] in _DIMENSIONS:
        found.setdefault(words[:1], 0.5)
    if len(words) > 1 and words[-1] in IDENTIFIERS:
        found.setdefault(words[:-1], 0.2)
        for other in sorted(IDENTIFIERS):
            found.setdefault((*words[:-1], other), 0.1)
        if words[-1] == "code":
            found.setdefault(words[-1:], 0.6)
    elif len(words) == 2 and words[-1] in ("max", "min"):
        found.setdefault(words[:1], 0.4)
    elif len(words) > 1 and words[-1] != "name" and words[-1] not in _TAILS:
        found.setdefault(words[-1:], 0.4)
    elif len(words) > 2:
        found.setdefault(words[-2:], 0.4)


# A "min" after these is minutes; after other words it is the least.
_TIMED = frozenset({"duration", "delay", "wait", "waiting", "time", "length", "runtime", "travel", "stay", "age"})


def _exchanged(run: Run) -> Iterator[tuple[int, Run]]:
    """The run with one of its words in another's place."""
    for place, word in enumerate(run):
        for said in _WORDS.get(word, ()):
            yield place, (*run[:place], *stems(parts(said)), *run[place + 1 :])


def _event_forms(verb: str) -> tuple[str, ...]:
    """The noun and the stem of a participle: discharged, discharge; admitted, admission."""
    forms = [verb]
    for key, verbs in EVENTS.items():
        if verb in verbs:
            forms.append(key)
    if verb.endswith("ed"):
        forms += [verb[:-1], verb[:-2]]
    return tuple(dict.fromkeys(forms))


def is_of_a_life(column: Column | None) -> bool:
    """Whether a column is the time of a birth or a hiring, which nobody calls "the date"."""
    return column is not None and not LIVES.isdisjoint((*parts(column.name), *stems(parts(column.name))))


def is_identifier(column: Column) -> bool:
    """Whether the name says that the values are keys or numbers of things."""
    words = stems(parts(column.name))
    return bool(words) and words[-1] in IDENTIFIERS


def is_no_code(text: str, column: Column) -> bool:
    """Whether words are looked for where codes are: products that start with "SET OF" do so by their names."""
    words = " " in text.strip() or (text.isalpha() and not text.isupper())
    return is_identifier(column) and len(text) > 2 and words


def is_word(text: str, column: Column) -> bool:
    """Whether products that start with "RED" do so by their names: none of the codes is of letters alone."""
    return text.isalpha() and len(text) > 2 and not any(value.isalpha() for value in column.top_values)


def _happens(noun: Noun, words: set[str]) -> bool:
    if noun.kind != "field" or noun.cost or not isinstance(noun.term, Field) or not noun.term.column.is_time:
        return False
    said = parts(noun.term.column.name)
    return not words.isdisjoint((*said, *stems(said)))
