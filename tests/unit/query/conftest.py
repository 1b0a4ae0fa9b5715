"""The small shop, and children to run statements over it."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from lakebook.query.children.pool import Children
from lakebook.query.tables import Table
from tests.unit.query.shop import make, view_all


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Table]:
    """The shop's tables by name."""
    return make(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="session")
def tables(shop: dict[str, Table]) -> list[Table]:
    """The shop's tables as a list."""
    return list(shop.values())


@pytest.fixture(scope="session")
def plain(shop: dict[str, Table]) -> duckdb.DuckDBPyConnection:
    """An ordinary connection over the same files."""
    return view_all(duckdb.connect(), shop)


@pytest.fixture(scope="session")
def children() -> Iterator[Children]:
    """A pool for tests that need no limits of their own."""
    pool = Children(size=1, memory_limit_bytes=1 << 30, time_limit=60.0)
    pool.warm()
    yield pool
    pool.close()
