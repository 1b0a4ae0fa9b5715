"""A person's own words put into the models of everybody: a figure or a table is there once, with all its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import starmap
from typing import TypeVar

from lakebook import names
from lakebook.semantics.model import Dataset, Field, Metric, SemanticModel

Part = TypeVar("Part", Dataset, Metric)


def merged(shared: Sequence[SemanticModel], own: Iterable[SemanticModel]) -> tuple[SemanticModel, ...]:
    """The shared models with the words of `own` added where they speak of the same; the rest of `own` after them."""
    models = list(shared)
    datasets, metrics = [model.datasets for model in models], [model.metrics for model in models]
    for words in own:
        left = replace(
            words,
            datasets=_put(datasets, words.datasets, lambda dataset: dataset.source, _joined),
            metrics=_put(metrics, words.metrics, lambda metric: metric.name, _with_words),
        )
        if left.datasets or left.metrics:
            models.append(left)
            datasets.append(left.datasets)
            metrics.append(left.metrics)
    return tuple(starmap(_holding, zip(models, datasets, metrics, strict=True)))


def _holding(model: SemanticModel, datasets: tuple[Dataset, ...], metrics: tuple[Metric, ...]) -> SemanticModel:
    """The same model where nothing was put into it: what is known of a model is kept by it."""
    is_same = model.datasets is datasets and model.metrics is metrics
    return model if is_same else replace(model, datasets=datasets, metrics=metrics)


def _put(
    known: list[tuple[Part, ...]],
    words: tuple[Part, ...],
    name: Callable[[Part], str],
    join: Callable[[Part, Part], Part],
) -> tuple[Part, ...]:
    """Join what `words` says of parts that some model has, to the first of them; what is left of `words`."""
    left = []
    for word in words:
        for number, parts in enumerate(known):
            same = next((one for one in parts if names.key(name(one)) == names.key(name(word))), None)
            if same is not None:
                known[number] = tuple(join(one, word) if one is same else one for one in parts)
                break
        else:
            left.append(word)
    return tuple(left)


def _joined(dataset: Dataset, words: Dataset) -> Dataset:
    fields = list(dataset.fields)
    for field in words.fields:
        place = next((i for i, one in enumerate(fields) if names.key(one.name) == names.key(field.name)), None)
        if place is None:
            fields.append(field)
        else:
            fields[place] = _field(fields[place], field)
    return replace(dataset, synonyms=_both(dataset.synonyms, words.synonyms), fields=tuple(fields))


def _field(field: Field, words: Field) -> Field:
    values = dict(field.value_synonyms)
    for value, synonyms in words.value_synonyms:
        values[value] = _both(values.get(value, ()), synonyms)
    return replace(field, synonyms=_both(field.synonyms, words.synonyms), value_synonyms=tuple(values.items()))


def _with_words(metric: Metric, words: Metric) -> Metric:
    return replace(metric, synonyms=_both(metric.synonyms, words.synonyms))


def _both(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    known = {names.key(one) for one in first}
    return (*first, *(one for one in second if names.key(one) not in known))
