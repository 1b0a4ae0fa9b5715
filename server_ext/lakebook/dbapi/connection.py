"""A connection: one home or server, opened as `lakebook.open` opens it; there is nothing to commit."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Any

import lakebook
from lakebook.dbapi import failures
from lakebook.dbapi.cursor import Cursor
from lakebook.dbapi.failures import InterfaceError, as_database_error
from lakebook.errors import LakebookError

MOST_ROWS = 1_000_000


class Connection:
    """Reads the tables of one home or server; its cursors may be used one after the other or side by side."""

    Warning = failures.Warning
    Error = failures.Error
    InterfaceError = failures.InterfaceError
    DatabaseError = failures.DatabaseError
    DataError = failures.DataError
    OperationalError = failures.OperationalError
    IntegrityError = failures.IntegrityError
    InternalError = failures.InternalError
    ProgrammingError = failures.ProgrammingError
    NotSupportedError = failures.NotSupportedError

    def __init__(self, lb: Any, *, row_limit: int = MOST_ROWS, owned: bool = True) -> None:
        self._lb, self._owned, self.row_limit = lb, owned, row_limit

    @property
    def lakebook(self) -> Any:
        """What `lakebook.open` gave; raises InterfaceError once closed."""
        if self._lb is None:
            raise InterfaceError("The connection is closed.")
        return self._lb

    def cursor(self) -> Cursor:
        """A cursor of this connection."""
        return Cursor(self)

    def commit(self) -> None:
        """There is nothing to commit."""
        _ = self.lakebook

    def rollback(self) -> None:
        """There is nothing to take back."""
        _ = self.lakebook

    def close(self) -> None:
        """Let go of what was opened here."""
        if self._lb is not None and self._owned:
            self._lb.close()
        self._lb = None

    def __enter__(self) -> Connection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def connect(
    address: str | os.PathLike[str] | None = None, *, row_limit: int = MOST_ROWS, **settings: Any
) -> Connection:
    """Open a home or a server; a result of more than `row_limit` rows is an error, never cut in silence."""
    try:
        return Connection(lakebook.open(address, **settings), row_limit=row_limit)
    except LakebookError as error:
        raise as_database_error(error) from error
