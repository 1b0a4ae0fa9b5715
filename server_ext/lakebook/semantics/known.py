"""The tables that a model's datasets can name: their columns and types, found by `source`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lakebook import names


@dataclass(frozen=True)
class KnownColumn:
    """A column of a table: its name as written and its type."""

    name: str
    data_type: str


@dataclass(frozen=True)
class KnownTable:
    """A table of the lake with its columns in order."""

    layer: str
    name: str
    columns: tuple[KnownColumn, ...]

    @property
    def full_name(self) -> str:
        """The name with its layer."""
        return f"{self.layer}.{self.name}"

    def column(self, name: str) -> KnownColumn | None:
        """The column of this name, in any case."""
        wanted = names.key(name)
        return next((one for one in self.columns if names.key(one.name) == wanted), None)


Tables = Callable[[str], KnownTable | None]


def among(tables: Iterable[KnownTable]) -> Tables:
    """Finds a table by `source`: `name`, `layer.name`, or what other tools write, `database.schema.name`."""
    listed = tuple(tables)

    def table_of(source: str) -> KnownTable | None:
        plain = source.strip().replace('"', "")
        layer, name = names.split_layer(plain)
        for wanted in (name, name.rpartition(".")[2]):
            found = [one for one in listed if names.key(one.name) == names.key(wanted)]
            found = [one for one in found if layer is None or one.layer == layer]
            bronze = [one for one in found if one.layer == "bronze"]
            if bronze or len(found) == 1:
                return (bronze or found)[0]
        return None

    return table_of
