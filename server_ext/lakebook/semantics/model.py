"""A semantic model as lakebook uses it: datasets with fields, how they join, and metrics, each with people's words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """A field of a dataset: a column, or an expression over the dataset's columns in ANSI SQL."""

    name: str
    expression: str
    data_type: str = ""
    label: str = ""
    is_time: bool = False
    description: str = ""
    synonyms: tuple[str, ...] = ()
    value_synonyms: tuple[tuple[str, tuple[str, ...]], ...] = ()  # a value of the column, and people's words for it

    @property
    def is_filter(self) -> bool:
        """Whether the field names rows ("cancelled") rather than a value of theirs."""
        return self.label == "filter" and self.data_type == "Boolean"


@dataclass(frozen=True)
class Dataset:
    """A dataset of the model: `source` is the table's name in the lake."""

    name: str
    source: str
    primary_key: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    description: str = ""
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Relationship:
    """Many rows of `from_dataset` belong to one of `to_dataset`: the columns are equal, in order."""

    name: str
    from_dataset: str
    to_dataset: str
    from_columns: tuple[str, ...]
    to_columns: tuple[str, ...]


@dataclass(frozen=True)
class Metric:
    """A figure over one or more datasets: an aggregate expression in ANSI SQL with columns as `dataset.column`."""

    name: str
    expression: str
    data_type: str = ""
    description: str = ""
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class SemanticModel:
    """A semantic model; names are as written, matched under NFC and casefold."""

    name: str
    description: str = ""
    instructions: str = ""
    datasets: tuple[Dataset, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    metrics: tuple[Metric, ...] = ()
