"""The shapes of Apache Ossie 0.2: datasets, fields, relationships, metrics; what lakebook does not use may be there."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

SPECIFICATION = "0.2.0.dev0"

DataType = Literal[
    "String", "Integer", "Decimal", "Float", "Boolean", "Date", "Time", "DateTime", "DateTimeTz", "Opaque"
]
TIMES = frozenset({"Date", "DateTime", "DateTimeTz"})
Name = Annotated[str, Field(min_length=1, max_length=200)]
Synonym = Annotated[str, Field(min_length=1, max_length=100)]


class Part(BaseModel):
    """Any part of a model; keys that lakebook does not know are left alone."""

    model_config = ConfigDict(extra="allow")

    @model_validator(mode="before")
    @classmethod
    def _without_nothing(cls, given: Any) -> Any:
        """A key with nothing behind it says nothing."""
        return {name: value for name, value in given.items() if value is not None} if isinstance(given, dict) else given


class Context(Part):
    """`ai_context`: words for people and programs. `value_synonyms` is lakebook's own key."""

    instructions: str = ""
    synonyms: list[Synonym] = Field(default_factory=list)
    examples: list[str] = Field(default_factory=list)
    value_synonyms: dict[str, list[Synonym]] = Field(default_factory=dict)


class DialectExpression(Part):
    """An expression in one language."""

    dialect: str
    expression: Annotated[str, Field(min_length=1, max_length=10_000)]


class Expression(Part):
    """The same expression in one or more languages."""

    dialects: list[DialectExpression] = Field(min_length=1)


class Dimension(Part):
    """What kind of dimension a field is."""

    is_time: bool | None = None


def _as_context(given: Any) -> Any:
    return {"instructions": given} if isinstance(given, str) else given


def _as_expression(given: Any) -> Any:
    return {"dialects": [{"dialect": "ANSI_SQL", "expression": given}]} if isinstance(given, str) else given


AiContext = Annotated[Context, BeforeValidator(_as_context)]
Sql = Annotated[Expression, BeforeValidator(_as_expression)]


class OssieField(Part):
    """A value of each row of a dataset."""

    name: Name
    expression: Sql
    dimension: Dimension = Field(default_factory=Dimension)
    label: str = ""
    description: str = ""
    datatype: DataType | None = None
    ai_context: AiContext = Field(default_factory=Context)


class OssieDataset(Part):
    """A table, under the model's own name."""

    name: Name
    source: Annotated[str, Field(min_length=1)]
    primary_key: list[Name] = Field(default_factory=list)
    unique_keys: list[list[Name]] = Field(default_factory=list)
    description: str = ""
    ai_context: AiContext = Field(default_factory=Context)
    fields: list[OssieField] = Field(default_factory=list)


class OssieRelationship(Part):
    """Many rows of `from` belong to one row of `to`."""

    name: Name
    from_: Annotated[str, Field(alias="from", min_length=1)]
    to: Annotated[str, Field(min_length=1)]
    from_columns: list[Name] = Field(min_length=1)
    to_columns: list[Name] = Field(min_length=1)
    ai_context: AiContext = Field(default_factory=Context)


class OssieMetric(Part):
    """A figure over rows of one or more datasets."""

    name: Name
    expression: Sql
    description: str = ""
    datatype: DataType | None = None
    ai_context: AiContext = Field(default_factory=Context)


class OssieModel(Part):
    """A semantic model."""

    name: Name
    description: str = ""
    ai_context: AiContext = Field(default_factory=Context)
    datasets: list[OssieDataset] = Field(min_length=1)
    relationships: list[OssieRelationship] = Field(default_factory=list)
    metrics: list[OssieMetric] = Field(default_factory=list)
