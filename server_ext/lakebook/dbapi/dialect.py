"""`create_engine("lakebook:///folder/.lakebook")` or `"lakebook://host:8888/base?token=…"`: SQLAlchemy, reading.

Statements are compiled as DuckDB takes them; the tables, their columns and keys come from the catalogue.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

from duckdb_engine import Dialect as DuckDBDialect
from sqlalchemy import pool, types
from sqlalchemy.engine import URL
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import NoSuchTableError
from sqlalchemy.sql.compiler import IdentifierPreparer

from lakebook.errors import NotFound

BARE = "bronze"
_TYPES: dict[str, type[types.TypeEngine[Any]]] = {
    "BIGINT": types.BigInteger,
    "BLOB": types.LargeBinary,
    "BOOLEAN": types.Boolean,
    "DATE": types.Date,
    "DOUBLE": types.Double,
    "FLOAT": types.Float,
    "HUGEINT": types.BigInteger,
    "INTEGER": types.Integer,
    "SMALLINT": types.SmallInteger,
    "TIME": types.Time,
    "TIMESTAMP": types.DateTime,
    "VARCHAR": types.String,
}


class LakebookDialect(DefaultDialect):
    """Tables of a home or a server; the layers are the schemas, and a bare name means what it means everywhere."""

    name = "duckdb"
    driver = "lakebook"
    statement_compiler = DuckDBDialect.statement_compiler
    type_compiler_cls = DuckDBDialect.type_compiler_cls
    preparer: type[IdentifierPreparer] = DuckDBDialect.preparer
    default_paramstyle = "qmark"
    default_schema_name = BARE
    default_isolation_level = "AUTOCOMMIT"
    supports_statement_cache = True
    supports_native_boolean = True
    supports_native_decimal = True
    supports_sane_rowcount = False
    postfetch_lastrowid = False

    @classmethod
    def import_dbapi(cls) -> ModuleType:
        """The driver."""
        from lakebook import dbapi

        return dbapi

    @classmethod
    def get_pool_class(cls, url: URL) -> type[pool.Pool]:
        """One connection serves every thread."""
        return pool.StaticPool

    def create_connect_args(self, url: URL) -> tuple[list[Any], dict[str, Any]]:
        """`lakebook://host…` is a server, `lakebook:///path` a home, `lakebook://` the nearest home."""
        query = dict(url.query)
        given = {"row_limit": int(str(query.pop("row_limit")))} if "row_limit" in query else {}
        if not url.host:
            return [url.database or None], given
        scheme = "https" if str(query.pop("tls", "")).lower() in ("1", "true", "yes") else "http"
        port = f":{url.port}" if url.port else ""
        token = {"token": str(query.pop("token"))} if "token" in query else {}
        return [f"{scheme}://{url.host}{port}/{url.database or ''}"], {**given, **token}

    def initialize(self, connection: Any) -> None:
        """Nothing is asked of the server: what it can do is known."""

    def do_begin(self, dbapi_connection: Any) -> None:
        """Reading needs no transaction."""

    def get_isolation_level_values(self, dbapi_conn: Any) -> list[Any]:
        """Each statement sees the current versions."""
        return ["AUTOCOMMIT"]

    def set_isolation_level(self, dbapi_connection: Any, level: Any) -> None:
        """Nothing to set."""

    def get_isolation_level(self, dbapi_connection: Any) -> Any:
        """Each statement sees the current versions."""
        return "AUTOCOMMIT"

    def get_default_isolation_level(self, dbapi_conn: Any) -> Any:
        """Each statement sees the current versions."""
        return "AUTOCOMMIT"

    def get_schema_names(self, connection: Any, **kw: Any) -> list[str]:
        """The layers that hold tables."""
        return sorted({dataset.layer for dataset in _datasets(connection)})

    def get_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """The names of a layer's tables; without a layer bronze's."""
        return sorted(dataset.name for dataset in _datasets(connection) if dataset.layer == (schema or BARE))

    def get_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        """There are no views."""
        return []

    def has_table(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> bool:
        """Whether a table of this name is there."""
        try:
            _detail(connection, table_name, schema)
        except NoSuchTableError:
            return False
        return True

    def get_columns(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> list[Any]:
        """Names and types of a table's columns; every one may be empty."""
        columns = _detail(connection, table_name, schema).profile.columns
        return [_column(each) for each in columns]

    def get_pk_constraint(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> Any:
        """No key is enforced."""
        return {"constrained_columns": [], "name": None}

    def get_foreign_keys(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> list[Any]:
        """No key is enforced."""
        return []

    def get_indexes(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> list[Any]:
        """There are no indexes."""
        return []


def type_of(data_type: str) -> types.TypeEngine[Any]:
    """SQLAlchemy's type for a type of the lake; nested values have none."""
    base, _, rest = data_type.partition("(")
    if base == "DECIMAL" and rest:
        precision, scale = rest.rstrip(")").split(",")
        return types.Numeric(int(precision), int(scale))
    if base.startswith("TIMESTAMP"):
        return types.DateTime(timezone="TZ" in base or "ZONE" in base)
    return _TYPES.get(base, types.NullType)()


def _column(column: Any) -> dict[str, Any]:
    return {"name": column.name, "type": type_of(column.data_type), "nullable": True, "default": None}


def _lakebook(connection: Any) -> Any:
    return connection.connection.driver_connection.lakebook


def _datasets(connection: Any) -> list[Any]:
    return list(_lakebook(connection).datasets().items)


def _detail(connection: Any, name: str, schema: str | None) -> Any:
    try:
        return _lakebook(connection).datasets.show(f"{schema}.{name}" if schema else name)
    except NotFound as error:
        raise NoSuchTableError(name) from error
