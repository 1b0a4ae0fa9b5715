"""A database that is lists of rows, and counts what is read of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

import pyarrow as pa

from lakebook.call import Call
from lakebook.errors import Forbidden, LakebookError
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.sources.credentials import secret_of
from lakebook.ingest.sources.database import Selection
from lakebook.ingest.sources.material import Reference
from lakebook.ingest.sources.notes import Notes


@dataclass
class Listed:
    """Tables by name; `password` opens them, `broken` are those that cannot be read."""

    content: dict[str, pa.Table]
    password: str | None = None
    broken: dict[str, LakebookError] = field(default_factory=dict)
    reads: list[str] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)
    primary: dict[str, list[str]] = field(default_factory=dict)

    @contextmanager
    def connected(self, call: Call, request: IngestRequest) -> Iterator[Listed]:
        """Open to the right password alone."""
        if self.password != secret_of(call, request.credentials):
            raise Forbidden("The host does not accept the credentials; nothing was read.")
        yield self

    def attempt(self) -> AbstractContextManager[None]:
        """Nothing to take back."""
        return nullcontext()

    def tables(self) -> list[str]:
        """The tables there are."""
        self.reads.append("tables")
        return sorted(self.content)

    def keys(self, table: str) -> tuple[list[str], list[Reference]]:
        """The primary key as laid down."""
        self.reads.append(f"keys of {table}")
        return self.primary.get(table, []), []

    def batches(self, selection: Selection) -> Iterator[pa.RecordBatch]:
        """Ten rows at a time."""
        name = selection.table or "query"
        self.reads.append(f"rows of {name}")
        if name in self.broken:
            raise self.broken[name]
        table = self.content[name]
        if selection.watermark is not None and selection.after is not None:
            mark = pa.scalar(selection.after).cast(table.schema.field(selection.watermark).type)
            column, above = table[selection.watermark], pa.compute
            keep = above.greater_equal(column, mark) if selection.inclusive else above.greater(column, mark)
            table = table.filter(keep)
        yield pa.RecordBatch.from_arrays([pa.array([], one.type) for one in table.schema], schema=table.schema)
        yield from table.to_batches(max_chunksize=10)
