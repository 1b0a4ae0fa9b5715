"""What a question may be about: tables, how their rows belong together, and the words of semantic models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lakebook.query.tables import Table
from lakebook.semantics.model import SemanticModel


@dataclass(frozen=True)
class Relationship:
    """Many rows of `many` belong to one row of `one`, where the columns are equal in order.

    `declared` is False where names, types and values suggest it and no database or model says so.
    """

    many: Table
    many_columns: tuple[str, ...]
    one: Table
    one_columns: tuple[str, ...]
    declared: bool = True


@dataclass(frozen=True)
class Domain:
    """The tables in scope with their relationships, and the semantic models that speak of them."""

    tables: tuple[Table, ...]
    relationships: tuple[Relationship, ...] = ()
    models: tuple[SemanticModel, ...] = ()
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)  # a table's full name and its primary key

    def among(self, tables: Sequence[Table]) -> Domain:
        """The domain without the other tables and what leads to them."""
        kept = tuple(table for table in self.tables if table in tables)
        joins = tuple(each for each in self.relationships if each.many in kept and each.one in kept)
        return Domain(kept, joins, self.models, dict(self.keys))
