"""Each test has a home of its own, opened in this process; `shop` is a copy of one that holds two tables."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.runtime import open_runtime
from tests.local_home import USER
from tests.unit.tables.seats import loaded

ORDERS = (
    "InvoiceNo,Quantity,UnitPrice,Country,InvoiceDate,CustomerID\n"
    "A1,2,2.50,Germany,2011-01-05 10:00:00,1\n"
    "A2,3,1.25,France,2011-02-05 10:00:00,2\n"
    "A3,1,9.99,O'Brien Land,2011-02-06 10:00:00,1\n"
    "A4,7,4.00,United Kingdom,2011-03-07 10:00:00,3\n"
)
CUSTOMERS = "CustomerID,Name,Phone\n1,Ada,111\n2,Bea,222\n3,Cleo,333\n"


@pytest.fixture(scope="session")
def shop_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with orders and customers; copied, never opened again."""
    folder = tmp_path_factory.mktemp("shop")
    opened = open_runtime(folder / "home", upgrade=True)
    call = Call(opened, Principal(USER), folder=folder)
    loaded(call, ORDERS)
    loaded(call, CUSTOMERS, "customers.csv")
    opened.close()
    return folder / "home"


@pytest.fixture
def shop(shop_home: Path, home: Path, tmp_path: Path) -> Iterator[Call]:
    """A call on a home of the test's own with orders and customers."""
    shutil.copytree(shop_home, home)
    opened = open_runtime(home)
    yield Call(opened, Principal(USER), folder=tmp_path)
    opened.close()
