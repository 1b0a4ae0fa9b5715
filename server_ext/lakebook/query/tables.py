"""What a question or a statement may see: tables, their columns and their local files."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

LAYERS = ("bronze", "silver", "gold")


@dataclass(frozen=True)
class Column:
    """A column: its name, its DuckDB SQL type, and what the profile knows of its values."""

    name: str
    data_type: str
    label: str = ""
    unique_count: int | None = None
    min: object = field(default=None, compare=False)
    max: object = field(default=None, compare=False)
    top_values: tuple[str, ...] = field(default=(), compare=False)
    null_count: int | None = None

    @cached_property
    def base_type(self) -> str:
        """The type without its parameters, in capitals: DECIMAL(18,2) is DECIMAL."""
        return self.data_type.split("(", 1)[0].strip().upper()

    @cached_property
    def is_text(self) -> bool:
        """Whether the values are text."""
        return self.base_type in {"VARCHAR", "TEXT", "STRING", "CHAR", "ENUM"} and not self.is_nested

    @cached_property
    def is_number(self) -> bool:
        """Whether the values are numbers."""
        return not self.is_nested and (self.is_whole or self.is_inexact or self.base_type in {"DECIMAL", "NUMERIC"})

    @cached_property
    def is_whole(self) -> bool:
        """Whether the values are whole numbers."""
        return not self.is_nested and self.base_type.lstrip("U") in {
            "TINYINT", "SMALLINT", "INTEGER", "INT", "BIGINT", "HUGEINT", "BIGNUM",
        }  # fmt: skip

    @cached_property
    def is_inexact(self) -> bool:
        """Whether the values are binary fractions, whose sum depends on their order."""
        return not self.is_nested and self.base_type in {"DOUBLE", "FLOAT", "REAL"}

    @cached_property
    def is_date(self) -> bool:
        """Whether the values are days."""
        return self.base_type == "DATE" and not self.is_nested

    @cached_property
    def is_time(self) -> bool:
        """Whether the values are days or points in time."""
        return self.is_date or (self.base_type.startswith("TIMESTAMP") and not self.is_nested)

    @cached_property
    def is_nested(self) -> bool:
        """Whether a value is a list, a struct or a map."""
        return self.data_type.endswith("]") or self.base_type in {"STRUCT", "MAP", "UNION", "LIST"}


@dataclass(frozen=True)
class Table:
    """One version of a dataset: its full name is `layer.name`, its rows lie in local Parquet files.

    With another `engine` than DuckDB it is a table there, without files: `layer` is its schema.
    """

    name: str
    layer: str
    dataset_id: str
    version: int
    row_count: int
    files: tuple[str, ...]
    columns: tuple[Column, ...]
    engine: str = "duckdb"

    def __hash__(self) -> int:
        """A hash that does not go through the columns: it is asked for with every statement."""
        return hash((self.engine, self.layer, self.name, self.dataset_id, self.version))

    @property
    def full_name(self) -> str:
        """The name with its layer."""
        return f"{self.layer}.{self.name}"


def folded(name: str) -> str:
    """The form under which names are compared: NFC, casefolded."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def find_table(tables: Sequence[Table], name: str, layer: str | None = None) -> Table | None:
    """The table of this name; without a layer bronze's, else the only layer's that has it, else None."""
    matching = [table for table in tables if folded(table.name) == folded(name)]
    if layer is not None:
        matching = [table for table in matching if folded(table.layer) == folded(layer)]
        return matching[0] if len(matching) == 1 else None
    bronze = [table for table in matching if table.layer == "bronze"]
    if len(bronze) == 1:
        return bronze[0]
    return matching[0] if len(matching) == 1 else None
