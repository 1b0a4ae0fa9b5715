"""Schemas of datasets as people and programs see them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lakebook.catalog.models import DatasetRequest
from lakebook.catalog.schema_change import Compatibility
from lakebook.verb import Positional, Result


class SchemaColumn(Result):
    """A column and its type."""

    name: str
    type: str


class SchemaVersion(Result):
    """One schema that a dataset had, from one of its versions on."""

    number: int
    version: int = Field(description="The dataset's first version with this schema.")
    columns: list[SchemaColumn]
    change: str = Field(description="What changed from the schema before it.")
    user_id: str
    created_at: str


class DatasetSchema(Result):
    """The columns of a dataset, every schema it had (newest first), and which changes it takes."""

    dataset_id: str
    name: str
    compatibility: Compatibility
    number: int
    columns: list[SchemaColumn]
    versions: list[SchemaVersion]

    def text(self) -> str:
        """The schema for the shell: its columns, then what changed from version to version."""
        from lakebook.display import table_text

        columns = table_text(("column", "type"), [[one.name, one.type] for one in self.columns])
        changes = [f"schema {one.number}, from version {one.version}: {one.change}" for one in self.versions]
        return "\n".join([f"{self.name} takes changes: {self.compatibility}", columns, "", *changes])

    def _repr_html_(self) -> str:
        from lakebook.display import table_html

        rows = [[str(one.number), str(one.version), one.change] for one in self.versions]
        columns = table_html(("column", "type"), [[one.name, one.type] for one in self.columns])
        return columns + table_html(("schema", "from version", "change"), rows)


class CompatibilityRequest(DatasetRequest):
    """One dataset, and which changes of its columns it takes from now on."""

    mode: Annotated[Compatibility, Positional()] = Field(
        description="backward: types only widen; forward: no column goes or widens; full: both; none: anything."
    )
