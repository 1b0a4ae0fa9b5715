"""Connections and cursors as PEP 249 has them, over any lakebook."""

from __future__ import annotations

import threading
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from lakebook import dbapi
from lakebook.errors import (
    Forbidden,
    InvalidRequest,
    LakebookError,
    MissingExtra,
    QueryTimedOut,
    Reason,
    RefusedStatement,
    Unavailable,
)
from lakebook.query.answer import Answer

TABLE = pa.table(
    {
        "city": ["Oslo", "Bergen", None],
        "guests": [3, 4, 5],
        "paid": pa.array([Decimal(1), Decimal(2), Decimal(3)], pa.decimal128(18, 2)),
        "day": pa.array([0, 1, 2], pa.int32()).cast(pa.date32()),
        "raw": pa.array([b"a", b"b", None]),
    }
)


class Lake:
    """A lakebook that answers every statement with the same rows, or with the error given."""

    def __init__(self, error: Exception | None = None, *, truncated: bool = False) -> None:
        self.error, self.truncated, self.closed = error, truncated, False
        self.asked: list[tuple[str, int]] = []

    def query(self, sql: str, *, limit: int) -> Answer:
        self.asked.append((sql, limit))
        if self.error:
            raise self.error
        return Answer(question=sql, status="answered", source="sql", table=TABLE, truncated=self.truncated)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def lake() -> Lake:
    return Lake()


@pytest.fixture
def cursor(lake: Lake) -> dbapi.Cursor:
    return dbapi.Connection(lake).cursor()


def test_the_module_says_what_it_is() -> None:
    assert (dbapi.apilevel, dbapi.threadsafety, dbapi.paramstyle) == ("2.0", 2, "qmark")
    for name in ("InterfaceError", "DatabaseError"):
        assert issubclass(getattr(dbapi, name), dbapi.Error)
    for name in (
        "DataError", "OperationalError", "IntegrityError", "InternalError", "ProgrammingError", "NotSupportedError",
    ):  # fmt: skip
        assert issubclass(getattr(dbapi, name), dbapi.DatabaseError)
        assert getattr(dbapi.Connection, name) is getattr(dbapi, name)


def test_rows_come_one_by_one_some_and_all(cursor: dbapi.Cursor) -> None:
    assert cursor.description is None
    assert cursor.rowcount == -1
    cursor.execute("SELECT * FROM stays")
    assert cursor.rowcount == 3
    first = cursor.fetchone()
    assert first is not None
    assert first[:2] == ("Oslo", 3)
    assert [row[0] for row in cursor.fetchmany(1)] == ["Bergen"]
    assert [row[0] for row in cursor.fetchall()] == [None]
    assert cursor.fetchone() is None
    assert cursor.fetchmany() == cursor.fetchall() == []
    assert cursor.fetch_arrow_table().equals(TABLE)


def test_a_cursor_is_its_rows(cursor: dbapi.Cursor) -> None:
    assert [row[1] for row in cursor.execute("SELECT * FROM stays")] == [3, 4, 5]


def test_columns_are_described(cursor: dbapi.Cursor) -> None:
    described = cursor.execute("SELECT * FROM stays").description
    assert described is not None
    assert [(one[0], one[1]) for one in described] == [
        ("city", dbapi.STRING),
        ("guests", dbapi.NUMBER),
        ("paid", dbapi.NUMBER),
        ("day", dbapi.DATETIME),
        ("raw", dbapi.BINARY),
    ]
    assert described[2][4:6] == (18, 2)
    assert dbapi.STRING != dbapi.NUMBER
    assert dbapi.ROWID != "ROWID"
    assert len({dbapi.STRING, dbapi.NUMBER, dbapi.STRING}) == 2
    assert repr(dbapi.NUMBER) == "NUMBER"


def test_values_are_bound_before_the_statement_leaves(cursor: dbapi.Cursor, lake: Lake) -> None:
    cursor.execute("SELECT * FROM stays WHERE city = ?", ["O'Hara"])
    cursor.executemany("SELECT ?", [[1], [2]])
    assert [sql for sql, _ in lake.asked] == ["SELECT * FROM stays WHERE city = 'O''Hara'", "SELECT 1", "SELECT 2"]
    assert {limit for _, limit in lake.asked} == {1_000_000}


def test_a_result_is_never_cut_in_silence() -> None:
    cursor = dbapi.Connection(Lake(truncated=True), row_limit=3).cursor()
    with pytest.raises(dbapi.OperationalError, match="more than 3 rows"):
        cursor.execute("SELECT * FROM stays")
    assert cursor.rowcount == -1


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RefusedStatement([Reason("Only a SELECT may run.", 1, 1)]), dbapi.ProgrammingError),
        (InvalidRequest("sql: too long."), dbapi.ProgrammingError),
        (QueryTimedOut("It took too long."), dbapi.OperationalError),
        (Unavailable("No server answers."), dbapi.OperationalError),
        (Forbidden("You may not."), dbapi.OperationalError),
        (MissingExtra.named("The driver", "spark"), dbapi.NotSupportedError),
        (LakebookError("Something broke."), dbapi.InternalError),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.__name__,
)
def test_errors_keep_their_words(error: LakebookError, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=error.message.split(".")[0]) as raised:
        dbapi.Connection(Lake(error)).cursor().execute("SELECT 1")
    assert raised.value.__cause__ is error


def test_an_address_without_a_server_is_an_error_of_the_module() -> None:
    with dbapi.connect("http://127.0.0.1:1") as connection, pytest.raises(dbapi.OperationalError, match="No lakebook"):
        connection.cursor().execute("SELECT 1")


def test_what_is_closed_stays_closed(lake: Lake) -> None:
    connection = dbapi.Connection(lake)
    connection.commit()
    connection.rollback()
    with connection.cursor() as cursor:
        cursor.setinputsizes([1])
        cursor.setoutputsize(1)
        with pytest.raises(dbapi.InterfaceError, match="no result"):
            cursor.fetchone()
    with pytest.raises(dbapi.InterfaceError, match="cursor is closed"):
        cursor.execute("SELECT 1")
    with connection:
        other = connection.cursor()
    assert lake.closed
    for use in (connection.commit, connection.rollback, lambda: other.execute("SELECT 1")):
        with pytest.raises(dbapi.InterfaceError, match="connection is closed"):
            use()
    connection.close()


def test_what_another_opened_is_not_closed_here(lake: Lake) -> None:
    dbapi.Connection(lake, owned=False).close()
    assert not lake.closed


def test_threads_share_a_connection(lake: Lake) -> None:
    connection, found = dbapi.Connection(lake), list[Any]()
    threads = [
        threading.Thread(target=lambda: found.append(connection.cursor().execute("SELECT 1").rowcount))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [3] * 8
