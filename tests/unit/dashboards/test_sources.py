"""The datasets that a notebook read, with the versions it read, for the foot of its page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from lakebook.dashboards.sources import datasets_read
from lakebook.runtime import Runtime


def home_of(*datasets: tuple[str, str, int]) -> Runtime:
    """A home that holds these datasets: layer, name, version."""
    found: list[tuple[Any, list[str]]] = [
        (SimpleNamespace(layer=layer, name=name, version=version), []) for layer, name, version in datasets
    ]
    return cast(Runtime, SimpleNamespace(catalog=SimpleNamespace(datasets=lambda: found)))


def notebook(code: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cells": [{"cell_type": "markdown", "source": "About 'orders' from customers"},
                      {"cell_type": "code", "source": code, "outputs": list(outputs)}]}  # fmt: skip


HOME = home_of(("bronze", "orders", 3), ("gold", "daily sales", 2), ("bronze", "Größe", 1), ("bronze", "a.b", 9))


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("lb.table('orders').df()", [("orders", 3)]),
        ('lb.profile("bronze.orders")', [("orders", 3)]),
        ("lb.query('select * from orders limit 3')", [("orders", 3)]),
        ("%%sql\nselect 1 from x join ORDERS using (a)", [("orders", 3)]),
        ("%profile orders", [("orders", 3)]),
        ("  %ask how many orders are there?", [("orders", 3)]),
        ("lb.table('gold.daily sales')\nlb.table('orders')", [("daily sales", 2), ("orders", 3)]),
        ("lb.table('GRÖSSE')", [("Größe", 1)]),
        ("lb.table('a.b')", [("a.b", 9)]),
        ("lb.table('axb')", []),
        ("orders = 3  # orders", []),
        ("from orders_of_magnitude import x", []),
        ("print('preorders', 'orders2')", []),
        ("%profile reorders", []),
        ("", []),
    ],
)
def test_a_dataset_counts_where_the_code_names_it(code: str, found: list[tuple[str, int]]) -> None:
    assert datasets_read(HOME, notebook(code)) == found


def test_what_an_output_says_of_itself_goes_first() -> None:
    said = {
        "output_type": "display_data",
        "data": {},
        "metadata": {"lakebook": {"datasets": [{"name": "orders", "version": 2}, {"name": "gone", "version": 1}]}},
    }
    found = datasets_read(HOME, notebook("lb.table('orders')", said, {"output_type": "stream"}))
    assert found == [("gone", 1), ("orders", 2)]
