"""An engine elsewhere as statements see it: its tables, and the rows of what was guarded for it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class RemoteTable:
    """A table of an engine: its schema, its name, and the columns' names with their types as DuckDB writes them."""

    schema: str
    name: str
    columns: tuple[tuple[str, str], ...]


class Engine(Protocol):
    """Runs statements elsewhere; every call raises Unavailable where the engine is down."""

    dialect: str

    def tables(self) -> list[RemoteTable]:
        """The tables of the schema that the address names."""

    def rows(self, sql: str, *, seconds: float, cancel: threading.Event | None = None) -> pa.Table:
        """The rows of a statement that the guard has let through; raises QueryFailed and its kinds."""

    def close(self) -> None:
        """End the session."""
