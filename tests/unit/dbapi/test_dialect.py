"""SQLAlchemy reaches a home or a server by its address, sees the catalogue, and reads only."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import MetaData, Table, create_engine, func, inspect, select, text, types
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import NoSuchTableError, ProgrammingError

from lakebook.dbapi import Connection
from lakebook.dbapi.dialect import LakebookDialect, type_of
from lakebook.errors import NotFound, Reason, RefusedStatement
from lakebook.query.answer import Answer

COLUMNS = {"city": "VARCHAR", "guests": "BIGINT", "paid": "DECIMAL(18,2)", "at": "TIMESTAMP WITH TIME ZONE"}


class Datasets:
    """Two tables, one of them in gold."""

    def __call__(self) -> Any:
        named = [("bronze", "stays"), ("gold", "by_city")]
        return SimpleNamespace(items=[SimpleNamespace(layer=layer, name=name) for layer, name in named])

    def show(self, name: str) -> Any:
        if name not in ("stays", "bronze.stays", "gold.by_city"):
            raise NotFound.named("dataset", name)
        columns = [SimpleNamespace(name=name, data_type=kind) for name, kind in COLUMNS.items()]
        return SimpleNamespace(profile=SimpleNamespace(columns=columns))


class Lake:
    """A lakebook that remembers its statements and refuses what is no SELECT."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.datasets = Datasets()

    def query(self, sql: str, *, limit: int) -> Answer:
        self.asked.append(sql)
        if not sql.startswith("SELECT"):
            raise RefusedStatement([Reason("Only a SELECT may run.", 1, 1)])
        return Answer(question=sql, status="answered", source="sql", table=pa.table({"n": [limit]}))


@pytest.fixture
def lake() -> Lake:
    return Lake()


@pytest.fixture
def engine(lake: Lake) -> Engine:
    return create_engine("lakebook://", creator=lambda: Connection(lake, owned=False))


@pytest.mark.parametrize(
    ("url", "address", "given"),
    [
        ("lakebook://", None, {}),
        ("lakebook:////data/.lakebook", "/data/.lakebook", {}),
        ("lakebook:///demo/.lakebook?row_limit=5", "demo/.lakebook", {"row_limit": 5}),
        ("lakebook://127.0.0.1:8888/user/x/?token=abc", "http://127.0.0.1:8888/user/x/", {"token": "abc"}),
        ("lakebook://lab.example?tls=true", "https://lab.example/", {}),
    ],
    ids=["nearest", "absolute", "relative", "server", "tls"],
)
def test_addresses(url: str, address: str | None, given: dict[str, Any]) -> None:
    assert LakebookDialect().create_connect_args(make_url(url)) == ([address], given)


def test_the_catalogue_is_seen(engine: Engine) -> None:
    seen = inspect(engine)
    assert seen.get_schema_names() == ["bronze", "gold"]
    assert seen.get_table_names() == ["stays"]
    assert seen.get_table_names("gold") == ["by_city"]
    assert seen.get_view_names() == []
    assert seen.has_table("stays")
    assert not seen.has_table("nothing")
    assert [column["name"] for column in seen.get_columns("stays")] == list(COLUMNS)
    assert seen.get_foreign_keys("stays") == []
    assert seen.get_indexes("stays") == []
    assert seen.get_pk_constraint("stays")["constrained_columns"] == []
    with pytest.raises(NoSuchTableError):
        seen.get_columns("nothing")


def test_tables_are_reflected_and_asked(engine: Engine, lake: Lake) -> None:
    stays = Table("stays", MetaData(), autoload_with=engine)
    with engine.connect() as connection:
        rows = connection.execute(select(func.count()).where(stays.c.city == "O'Hara")).all()
        connection.commit()
    assert [tuple(row) for row in rows] == [(1_000_000,)]
    assert lake.asked == ["SELECT COUNT(*) AS count_1 FROM stays WHERE stays.city = 'O''Hara'"]


def test_named_values_are_bound(engine: Engine, lake: Lake) -> None:
    with engine.connect() as connection:
        connection.execute(text("SELECT * FROM stays WHERE city = :city AND guests > :n"), {"n": 2, "city": "Oslo"})
    assert lake.asked == ["SELECT * FROM stays WHERE city = 'Oslo' AND guests > 2"]


def test_reading_only(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(ProgrammingError, match=r"Only a SELECT may run\."):
        connection.execute(text("DROP TABLE stays"))


def test_there_is_nothing_to_isolate(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.get_isolation_level() == "AUTOCOMMIT"
        assert connection.execution_options(isolation_level="AUTOCOMMIT") is connection


@pytest.mark.parametrize(
    ("data_type", "kind"),
    [
        ("VARCHAR", types.String),
        ("BIGINT", types.BigInteger),
        ("HUGEINT", types.BigInteger),
        ("DOUBLE", types.Double),
        ("BOOLEAN", types.Boolean),
        ("DATE", types.Date),
        ("TIMESTAMP", types.DateTime),
        ("STRUCT(a INTEGER)", types.NullType),
        ("INTEGER[]", types.NullType),
    ],
)
def test_types(data_type: str, kind: type[Any]) -> None:
    assert type(type_of(data_type)) is kind


def test_types_with_parameters() -> None:
    money = type_of("DECIMAL(18,2)")
    assert isinstance(money, types.Numeric)
    assert (money.precision, money.scale) == (18, 2)
    moment = type_of("TIMESTAMP WITH TIME ZONE")
    assert isinstance(moment, types.DateTime)
    assert moment.timezone
