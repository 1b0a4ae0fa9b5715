"""What the semantic models say of the words of a question: when that changes, so may the right answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from lakebook.query.mask import tokens
from lakebook.semantics.model import SemanticModel


def meaning_of(question: str, models: Sequence[SemanticModel]) -> str:
    """A digest of what each table, field, metric and value is that the question names by one of its words."""
    words = f" {' '.join(tokens(question))} "
    said = sorted(
        f"{kind}\0{what}"
        for kind, what, names in _named(models)
        if any(f" {' '.join(tokens(name))} " in words for name in names if tokens(name))
    )
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _named(models: Sequence[SemanticModel]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each thing that the models name: its kind, what it is, and its names."""
    for model in models:
        for metric in model.metrics:
            yield "metric", metric.expression, (metric.name, *metric.synonyms)
        for dataset in model.datasets:
            yield "dataset", dataset.source, (dataset.name, *dataset.synonyms)
            for field in dataset.fields:
                yield "field", f"{dataset.source}\0{field.expression}", (field.name, *field.synonyms)
                for value, synonyms in field.value_synonyms:
                    yield "value", f"{dataset.source}\0{field.expression}\0{value}", synonyms
