"""A cursor: one guarded statement, its rows as tuples or as an Arrow table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lakebook.dbapi.failures import InterfaceError, OperationalError, as_database_error
from lakebook.dbapi.kinds import Kind, kind_of
from lakebook.dbapi.parameters import bound
from lakebook.errors import LakebookError

if TYPE_CHECKING:
    import pyarrow as pa

    from lakebook.dbapi.connection import Connection

Description = tuple[str, Kind, None, None, int | None, int | None, None]


class Cursor:
    """Runs statements of its connection one after the other and hands out their rows."""

    arraysize = 1000

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._table: pa.Table | None = None
        self._rows: Iterator[tuple[Any, ...]] = iter(())
        self._closed = False

    @property
    def description(self) -> list[Description] | None:
        """Name and kind of each column of the last result; None before the first."""
        return None if self._table is None else [_described(field) for field in self._table.schema]

    @property
    def rowcount(self) -> int:
        """Rows of the last result; -1 before the first."""
        return -1 if self._table is None else int(self._table.num_rows)

    def execute(self, operation: str, parameters: Sequence[Any] = ()) -> Cursor:
        """Run one SELECT with values for its question marks; raises the module's errors."""
        lb = self._open().lakebook
        statement = bound(operation, parameters) if parameters else operation
        try:
            answer = lb.query(statement, limit=self.connection.row_limit)
        except LakebookError as error:
            raise as_database_error(error) from error
        if answer.truncated:
            raise OperationalError(
                f"The result has more than {self.connection.row_limit:,} rows. Aggregate it, or add a LIMIT."
            )
        self._keep(answer.arrow())
        return self

    def executemany(self, operation: str, parameters: Sequence[Sequence[Any]]) -> Cursor:
        """Run the statement with each of the rows of values; the last result stays."""
        for values in parameters:
            self.execute(operation, values)
        return self

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, or None at the end."""
        return next(self._fetching(), None)

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        """The next rows, at most `size`."""
        rows = self._fetching()
        return [row for _, row in zip(range(self.arraysize if size is None else size), rows, strict=False)]

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows that are left."""
        return list(self._fetching())

    def fetch_arrow_table(self) -> pa.Table:
        """The whole last result as Arrow."""
        self._fetching()
        assert self._table is not None
        return self._table

    def close(self) -> None:
        """Forget the result; the cursor is of no use afterwards."""
        self._closed, self._table, self._rows = True, None, iter(())

    def setinputsizes(self, sizes: Sequence[Any]) -> None:
        """Sizes need no telling."""

    def setoutputsize(self, size: int, column: int | None = None) -> None:
        """Sizes need no telling."""

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return self._fetching()

    def __enter__(self) -> Cursor:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _keep(self, table: pa.Table) -> None:
        self._table = table
        columns = [column.to_pylist() for column in table.columns]
        self._rows = iter(zip(*columns, strict=True)) if columns else iter(())

    def _fetching(self) -> Iterator[tuple[Any, ...]]:
        self._open()
        if self._table is None:
            raise InterfaceError("There is no result: execute a statement first.")
        return self._rows

    def _open(self) -> Connection:
        if self._closed:
            raise InterfaceError("The cursor is closed.")
        _ = self.connection.lakebook
        return self.connection


def _described(field: pa.Field[Any]) -> Description:
    import pyarrow as pa

    is_decimal = pa.types.is_decimal(field.type)
    precision, scale = (field.type.precision, field.type.scale) if is_decimal else (None, None)
    return field.name, kind_of(field.type), None, None, precision, scale, None
