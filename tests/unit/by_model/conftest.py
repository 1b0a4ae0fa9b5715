"""The small shop with what ties its tables, and connections and children over it."""

from __future__ import annotations

import pytest

from lakebook.query.by_model.sources import Values
from lakebook.query.domain import Domain, Relationship
from lakebook.query.tables import Column, Table
from tests.unit.query.conftest import children, plain, shop, tables

__all__ = ["children", "plain", "shop", "tables"]


@pytest.fixture(scope="session")
def domain(shop: dict[str, Table]) -> Domain:
    """The shop's tables; lines of orders belong to customers."""
    tie = Relationship(shop["orders"], ("CustomerID",), shop["customers"], ("customer_id",))
    return Domain(tuple(shop.values()), (tie,), (), {"bronze.customers": ("customer_id",)})


@pytest.fixture(scope="session")
def values() -> Values:
    """The values of the shop's text columns: its profile holds all of them."""

    def look(_table: Table, column: Column) -> list[str]:
        return list(column.top_values)

    return look
