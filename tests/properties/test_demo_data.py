"""For any seed, size and day the demo's data keeps its promises."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from lakebook.demo.files import shop_files

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@settings(max_examples=25)
@given(seed=st.integers(0, 2**63), lines=st.integers(1_000, 4_000), today=DAYS)
def test_the_parts_fit_together(seed: int, lines: int, today: date) -> None:
    files = dict(shop_files(lines, seed, today))
    orders = files["orders.csv"]
    assert orders.height == lines
    assert orders.height - orders.unique().height == max(2, round(lines * 0.003))
    days = [files[f"days/orders_{today - timedelta(days=back)}.csv"] for back in range(1, 6)]
    assert all(day.height >= 2 for day in days)
    assert orders.filter(pl.col("quantity").abs() > 12).height == 1
    assert files[f"days/corrections/orders_{today - timedelta(days=5)}.csv"]["quantity"].max() == 12
    assert (orders["unit_price"] > 0).all()
    assert (orders["quantity"] != 0).all()
    assert set(files["customers.csv"]["churned"]) == {"yes", "no"}
    assert (files["orders_today.csv"]["order_date"] == today).all()


@settings(max_examples=10)
@given(seed=st.integers(0, 2**63), today=DAYS)
def test_the_same_seed_and_day_give_the_same_frames(seed: int, today: date) -> None:
    first, second = dict(shop_files(1_000, seed, today)), dict(shop_files(1_000, seed, today))
    assert first.keys() == second.keys()
    assert all(first[name].equals(second[name]) for name in first)
