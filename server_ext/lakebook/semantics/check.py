"""What is wrong with what a model says: names given twice, columns that are not there, metrics that are none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lakebook import names
from lakebook.errors import nearest_name
from lakebook.semantics.check_sql import field_faults, metric_faults
from lakebook.semantics.document import Document, Path
from lakebook.semantics.faults import Fault
from lakebook.semantics.known import KnownTable, Tables
from lakebook.semantics.model import Dataset, Relationship, SemanticModel


class Check:
    """Holds one model against itself and against the tables that are there."""

    def __init__(self, document: Document, path: Path, model: SemanticModel, tables: Tables) -> None:
        self.document, self.path, self.model = document, path, model
        self.datasets = {names.key(one.name): one for one in model.datasets}
        self.tables: dict[str, KnownTable | None] = {}
        for one in model.datasets:
            self.tables.setdefault(names.key(one.name), tables(one.source))

    def faults(self) -> list[Fault]:
        """Every fault and note, by line."""
        found = [*self._twice(), *self._datasets(), *self._relationships(), *self._metrics(), *self._synonyms()]
        return sorted(found, key=lambda fault: fault.line)

    def fault(self, message: str, *inside: str | int, is_note: bool = False) -> Fault:
        """A fault of the part at this path within the model."""
        return Fault(self.document.line((*self.path, *inside)), message, is_note)

    def _twice(self) -> Iterator[Fault]:
        model = self.model
        yield from self._given_twice("dataset", (one.name for one in model.datasets), "datasets")
        yield from self._given_twice("relationship", (one.name for one in model.relationships), "relationships")
        yield from self._given_twice("metric", (one.name for one in model.metrics), "metrics")
        for number, dataset in enumerate(model.datasets):
            fields = (one.name for one in dataset.fields)
            yield from self._given_twice(f"field of {dataset.name}", fields, "datasets", number, "fields")

    def _given_twice(self, kind: str, given: Iterable[str], *inside: str | int) -> Iterator[Fault]:
        seen: set[str] = set()
        for number, name in enumerate(given):
            if names.key(name) in seen:
                yield self.fault(f"A second {kind} is called {name!r}.", *inside, number, "name")
            seen.add(names.key(name))

    def _datasets(self) -> Iterator[Fault]:
        for number, dataset in enumerate(self.model.datasets):
            table = self.tables[names.key(dataset.name)]
            if table is None:
                said = f"No table is called {dataset.source!r} yet; what is said of it waits for one."
                yield self.fault(said, "datasets", number, "source", is_note=True)
            for position, column in enumerate(dataset.primary_key):
                missing = self._missing(dataset, column)
                if missing:
                    yield self.fault(missing, "datasets", number, "primary_key", position)
            for position, one in enumerate(dataset.fields):
                yield from (
                    self.fault(said, "datasets", number, "fields", position, "expression", is_note=note)
                    for said, note in field_faults(one, dataset, table)
                )

    def _relationships(self) -> Iterator[Fault]:
        for number, one in enumerate(self.model.relationships):
            place = ("relationships", number)
            if len(one.from_columns) != len(one.to_columns):
                said = f"Relationship {one.name} needs as many `to_columns` as `from_columns`."
                yield self.fault(said, *place, "to_columns")
            for key, name, columns in _sides(one):
                dataset = self.datasets.get(names.key(name))
                if dataset is None:
                    yield self.fault(self._no_dataset(name), *place, key)
                    continue
                for position, column in enumerate(columns):
                    missing = self._missing(dataset, column)
                    if missing:
                        yield self.fault(missing, *place, f"{key}_columns", position)

    def _metrics(self) -> Iterator[Fault]:
        for number, metric in enumerate(self.model.metrics):
            for said, note in metric_faults(metric, self.model, self.tables):
                yield self.fault(said, "metrics", number, "expression", is_note=note)

    def _synonyms(self) -> Iterator[Fault]:
        """A word for two metrics, or two fields of one dataset, is asked about each time it is used."""
        yield from self._shared_word("metrics", [(one.name, one.synonyms) for one in self.model.metrics])
        for number, dataset in enumerate(self.model.datasets):
            words = [(one.name, one.synonyms) for one in dataset.fields]
            yield from self._shared_word("fields", words, "datasets", number)

    def _shared_word(self, kind: str, words: list[tuple[str, tuple[str, ...]]], *inside: str | int) -> Iterator[Fault]:
        owners: dict[str, str] = {}
        for number, (name, synonyms) in enumerate(words):
            for word in {names.key(one) for one in (name, *synonyms)}:
                if names.key(owners.get(word, name)) != names.key(name):
                    said = f"{word!r} means both {owners[word]} and {name}: questions with it are asked about."
                    yield self.fault(said, *inside, kind, number, is_note=True)
                owners.setdefault(word, name)

    def _missing(self, dataset: Dataset, column: str) -> str | None:
        """What to say of a column that neither the table nor the model's fields have; None where it is there."""
        table = self.tables[names.key(dataset.name)]
        fields = [one.name for one in dataset.fields]
        if table is None or table.column(column) or names.key(column) in map(names.key, fields):
            return None
        nearest = nearest_name(column, [*(one.name for one in table.columns), *fields])
        hint = f"; did you mean {nearest}?" if nearest else "."
        return f"{table.name} has no column {column!r}{hint}"

    def _no_dataset(self, name: str) -> str:
        nearest = nearest_name(name, [one.name for one in self.model.datasets])
        return f"No dataset of the model is called {name!r}{f'; did you mean {nearest}?' if nearest else '.'}"


def _sides(one: Relationship) -> tuple[tuple[str, str, tuple[str, ...]], tuple[str, str, tuple[str, ...]]]:
    return ("from", one.from_dataset, one.from_columns), ("to", one.to_dataset, one.to_columns)
