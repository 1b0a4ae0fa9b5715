"""A person's own words: synonyms of tables, columns, metrics and values, kept as a small model in the same format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from lakebook import names
from lakebook.errors import InvalidRequest, NotFound
from lakebook.semantics import store
from lakebook.semantics.current import models_for, tables_of
from lakebook.semantics.expressions import columns_of, tree_of
from lakebook.semantics.known import KnownTable, among
from lakebook.semantics.ossie import SPECIFICATION
from lakebook.semantics.requests import Synonym, SynonymRequest
from lakebook.semantics.write import as_yaml, identifier, round_trip

if TYPE_CHECKING:
    from lakebook.call import Call
    from lakebook.semantics.model import Dataset, Field, Metric, SemanticModel

OWN = "own words"
EMPTY = f"version: {SPECIFICATION}\nname: {OWN}\ndatasets: []\nmetrics: []\n"


@dataclass(frozen=True)
class Meaning:
    """What a word can be a synonym of: a table, or a metric, or a field of a table, or a value of a field."""

    table: KnownTable
    dataset: Dataset | None = None
    field: Field | None = None
    column: str = ""
    value: str = ""
    metric: Metric | None = None

    @property
    def kind(self) -> Literal["dataset", "column", "metric", "value"]:
        """Which of the four it is."""
        if self.metric:
            return "metric"
        return "value" if self.value else "column" if self.column else "dataset"

    @property
    def text(self) -> str:
        """As the person would write it."""
        if self.metric:
            return self.metric.name
        place = f"{self.table.name}.{self.column}" if self.column else self.table.name
        return f"{place}={self.value}" if self.value else place


def add_synonym(call: Call, request: SynonymRequest) -> Synonym:
    """Let a word mean a table, a column, a metric or a value for the caller, or no longer."""
    word = " ".join(request.word.split())
    if not any(character.isalpha() for character in word):
        raise InvalidRequest(f"{word!r} is no word.", hint="A synonym holds at least one letter.")
    meaning = meaning_of(call, request.means)
    user, database = call.principal.user_id, call.runtime.database
    with database.write() as connection:
        row = store.own_words(connection, user, OWN)
        data = round_trip(EMPTY if row is None else row["document"])
        synonyms = _synonyms(data, meaning)
        known = {names.key(str(one)) for one in synonyms}
        if request.remove:
            if names.key(word) not in known:
                raise NotFound.named(f"synonym of {meaning.text}", word, map(str, synonyms))
            synonyms[:] = [one for one in synonyms if names.key(str(one)) != names.key(word)]
        elif names.key(word) not in known:
            synonyms.append(word)
        model_id = store.put(connection, OWN, as_yaml(data), user_id=user, owner=user)
        details = {"word": word, "means": meaning.text, "removed": request.remove}
        call.runtime.audit.record_in(connection, call, "semantics.synonym", f"semantic_model:{model_id}", details)
    return Synonym(word=word, means=meaning.text, kind=meaning.kind, removed=request.remove)


def meaning_of(call: Call, text: str) -> Meaning:
    """What `dataset`, `dataset.column`, `dataset.column=value` or a metric's name stands for; NotFound otherwise."""
    listed = tables_of(call)
    models = models_for(call)
    place, equals, value = text.partition("=")
    if not equals:
        for model in models:
            for metric in model.metrics:
                if names.key(metric.name) == names.key(text):
                    return Meaning(_table_of(metric, model, listed), metric=metric)
    table = among(listed)(place.strip())
    if table is not None and not equals:
        return Meaning(table, dataset=_dataset(models, table))
    found = _column(place.strip(), listed, models)
    if found is None:
        known = [one.name for one in listed] + [f"{one.name}.{each.name}" for one in listed for each in one.columns]
        known += [metric.name for model in models for metric in model.metrics]
        raise NotFound.named("table, column or metric", text, known)
    table, column, field = found
    return Meaning(table, _dataset(models, table), field, column, value.strip())


def _column(
    place: str, listed: tuple[KnownTable, ...], models: tuple[SemanticModel, ...]
) -> tuple[KnownTable, str, Field | None] | None:
    """The table and the column or field that `table.column` names; names may themselves hold dots."""
    for position, character in enumerate(place):
        if character != ".":
            continue
        table = among(listed)(place[:position])
        rest = place[position + 1 :].strip('"')
        if table is None:
            continue
        dataset = _dataset(models, table)
        fields = () if dataset is None else dataset.fields
        field = next((one for one in fields if names.key(one.name) == names.key(rest)), None)
        column = table.column(rest)
        if field is not None or column is not None:
            return table, field.name if field else column.name if column else rest, field
    return None


def _dataset(models: tuple[SemanticModel, ...], table: KnownTable) -> Dataset | None:
    datasets = (one for model in models for one in model.datasets)
    return next((one for one in datasets if names.key(one.source) == names.key(table.full_name)), None)


def _table_of(metric: Metric, model: SemanticModel, listed: tuple[KnownTable, ...]) -> KnownTable:
    tree = tree_of(metric.expression)
    named = {names.key(one.table) for one in columns_of(tree)} if tree is not None else set()
    for dataset in model.datasets:
        table = among(listed)(dataset.source)
        if table is not None and names.key(dataset.name) in named:
            return table
    raise NotFound(f"The table that {metric.name} is of is not there.", hint="Load the table first.")


def _synonyms(data: Any, meaning: Meaning) -> Any:
    """The list of synonyms of this meaning in the model's data; made where there is none."""
    dataset = _part(data, "datasets", "source", meaning.table.full_name, {"name": meaning.table.name})
    if meaning.metric is not None:
        expression = {"expression": _ansi(meaning.metric.expression)}
        return _words(_part(data, "metrics", "name", meaning.metric.name, expression))
    if not meaning.column:
        return _words(dataset)
    sql = meaning.field.expression if meaning.field else identifier(meaning.column)
    field = _part(dataset, "fields", "name", meaning.column, {"expression": _ansi(sql)})
    if not meaning.value:
        return _words(field)
    values = field.setdefault("ai_context", {}).setdefault("value_synonyms", {})
    return values.setdefault(meaning.value, [])


def _part(data: Any, kind: str, key: str, wanted: str, otherwise: dict[str, Any]) -> Any:
    if not data.get(kind):
        data[kind] = []
    for one in data[kind]:
        if names.key(str(one[key])) == names.key(wanted):
            return one
    data[kind].append({key: wanted, **otherwise})
    return data[kind][-1]


def _words(part: Any) -> Any:
    return part.setdefault("ai_context", {}).setdefault("synonyms", [])


def _ansi(expression: str) -> dict[str, Any]:
    return {"dialects": [{"dialect": "ANSI_SQL", "expression": expression}]}
