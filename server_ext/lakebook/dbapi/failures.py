"""PEP 249's tree of errors, and which of lakebook's own becomes which."""

from __future__ import annotations

import builtins

from lakebook.errors import (
    Forbidden,
    InvalidRequest,
    LakebookError,
    MissingExtra,
    NotFound,
    QueryFailed,
    RefusedStatement,
    Unauthorized,
    Unavailable,
)


class Warning(builtins.Warning):
    """Something worth knowing that is no error."""


class Error(Exception):
    """The base of every error of this module; `__cause__` is lakebook's own."""


class InterfaceError(Error):
    """The module is used in a way that it does not have."""


class DatabaseError(Error):
    """The statement or the tables are at fault."""


class DataError(DatabaseError):
    """A value does not fit."""


class OperationalError(DatabaseError):
    """The statement was right and yet could not be carried out: limits, cancels, a server that is away."""


class IntegrityError(DatabaseError):
    """Never raised: nothing is written here."""


class InternalError(DatabaseError):
    """Something broke inside lakebook."""


class ProgrammingError(DatabaseError):
    """The guard refuses the statement, or its parameters do not fit."""


class NotSupportedError(DatabaseError):
    """What a reading connection does not do."""


_KINDS: tuple[tuple[type[LakebookError], type[DatabaseError]], ...] = (
    (RefusedStatement, ProgrammingError),
    (InvalidRequest, ProgrammingError),
    (NotFound, ProgrammingError),
    (MissingExtra, NotSupportedError),
    (Forbidden, OperationalError),
    (Unauthorized, OperationalError),
    (Unavailable, OperationalError),
    (QueryFailed, OperationalError),
)


def as_database_error(error: LakebookError) -> DatabaseError:
    """The error as programs of PEP 249 know it, with the same words."""
    kind = next((theirs for ours, theirs in _KINDS if isinstance(error, ours)), InternalError)
    return kind(str(error))
