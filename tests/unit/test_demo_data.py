"""The demo's data: what is in it, and that its parts tell one story."""

from __future__ import annotations

import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lakebook.demo.buyers import VOUCHERS, WATCHED_DAYS
from lakebook.demo.dirt import ODD_DATES
from lakebook.demo.files import shop_files, write_data
from lakebook.demo.shop import COUNTRIES, busyness, draw_products

TODAY = date(2026, 3, 2)
LINES = 200_000
MONEY = pl.Decimal(18, 2)


@pytest.fixture(scope="module")
def shop() -> dict[str, pl.DataFrame]:
    """Every data file as a frame, by its path."""
    return dict(shop_files(LINES, 7, TODAY))


def test_the_history_has_the_lines_asked_for_and_is_written_in_under_two_seconds(tmp_path: Path) -> None:
    started = time.process_time()
    rows = write_data(tmp_path, LINES, 7, TODAY)
    assert time.process_time() - started < 4  # processor seconds of two threads: two seconds by the clock
    assert rows["orders.csv"] == LINES == len((tmp_path / "orders.csv").read_text(encoding="utf-8").splitlines()) - 1
    assert rows["customers.csv"] == 4_000


def test_orders_hold_the_dirt_that_the_tour_speaks_of(shop: dict[str, pl.DataFrame]) -> None:
    orders = shop["orders.csv"]
    assert orders.height - orders.unique().height == 600
    assert 0.10 < orders["customer_id"].null_count() / LINES < 0.14
    assert 0.02 * LINES < (orders["quantity"] < 0).sum() < 0.03 * LINES
    assert set(orders["order_date"].unique()) >= set(ODD_DATES)
    assert orders.filter(pl.col("order_date").is_in(ODD_DATES)).height < 20
    blanks = orders.filter(pl.col("country") != pl.col("country").str.strip_chars())
    assert 250 < blanks.height < 350
    assert set(blanks["country"].str.strip_chars()) <= set(COUNTRIES)
    assert orders.filter(pl.col("quantity") > 12)["quantity"].to_list() == [12_000]


def test_repeated_lines_stand_right_after_the_line_they_repeat(shop: dict[str, pl.DataFrame]) -> None:
    orders = shop["orders.csv"]
    same_as_above = pl.all_horizontal(pl.all().eq_missing(pl.all().shift(1)))
    assert orders.select(same_as_above.sum()).item() == 600


def test_returns_come_after_the_line_that_they_take_back(shop: dict[str, pl.DataFrame]) -> None:
    orders = shop["orders.csv"].filter(pl.col("order_date").dt.year().is_between(2024, 2026))
    returned = orders.filter(pl.col("quantity") < 0).select("order_id", "order_date", "product_id", "customer_id")
    bought = orders.filter(pl.col("quantity") > 0).select("order_date", "product_id", "customer_id")
    pairs = returned.join(bought, on=["product_id", "customer_id"], nulls_equal=True, suffix="_bought")
    apart = (pl.col("order_date") - pl.col("order_date_bought")).dt.total_days()
    found = pairs.filter(apart.is_between(3, 20))["order_id"].n_unique()
    assert found / returned["order_id"].n_unique() > 0.99  # the rest were bought on a day that was made odd


def test_order_numbers_rise_with_time_and_a_line_is_in_one_order_once(shop: dict[str, pl.DataFrame]) -> None:
    orders = shop["orders.csv"].unique(maintain_order=True)
    assert orders["order_id"].is_sorted()
    usual = orders.filter(~pl.col("order_date").is_in(ODD_DATES))
    assert usual["order_date"].is_sorted()
    assert usual["order_date"].max() == TODAY - timedelta(days=1)
    assert not orders.select("order_id", "product_id").is_duplicated().any()
    assert orders.group_by("order_id").agg(pl.col("customer_id").n_unique())["customer_id"].max() == 1


def test_every_line_names_a_product_and_a_customer_that_exist(shop: dict[str, pl.DataFrame]) -> None:
    orders, products, customers = shop["orders.csv"], shop["products.csv"], shop["customers.csv"]
    assert set(orders["product_id"]) <= set(products["product_id"])
    assert set(orders["customer_id"].drop_nulls()) <= set(customers["customer_id"])
    assert customers["customer_id"].n_unique() == customers.height
    priced = orders.join(products, on="product_id")
    assert priced.select((pl.col("unit_price") <= pl.col("list_price")).all()).item()
    assert orders["unit_price"].dtype == products["list_price"].dtype == MONEY


def test_prices_are_cents_below_a_hundred_and_above_three_euros(shop: dict[str, pl.DataFrame]) -> None:
    prices = shop["orders.csv"]["unit_price"]
    assert prices.is_between(Decimal(3), Decimal(100), closed="none").all()


def test_churned_says_whether_an_order_followed_the_snapshot(shop: dict[str, pl.DataFrame]) -> None:
    snapshot = TODAY - timedelta(days=WATCHED_DAYS)
    later = shop["orders.csv"].filter(pl.col("order_date").is_between(snapshot, TODAY, closed="left"))
    bought = set(later["customer_id"].drop_nulls())
    for customer, churned in shop["customers.csv"].select("customer_id", "churned").iter_rows():
        assert churned == ("no" if customer in bought else "yes")


def test_churned_can_be_learned_and_is_not_given_away(shop: dict[str, pl.DataFrame]) -> None:
    customers = shop["customers.csv"]
    churned = (customers["churned"] == "yes").to_numpy()
    assert 0.2 < churned.mean() < 0.45
    away = customers["days_since_order"].fill_null(730).to_numpy()
    for days in (15, 30, 60, 90, 120):
        assert ((away > days) == churned).mean() < 0.75
    contacts = customers["support_contacts"].to_numpy()
    assert contacts[churned].mean() > 1.5 * contacts[~churned].mean()


def test_those_who_came_for_a_voucher_leave_and_others_stay(shop: dict[str, pl.DataFrame]) -> None:
    first = TODAY - timedelta(days=730)
    joined = (pl.col("joined") - first).dt.total_days()
    customers = shop["customers.csv"].with_columns(
        came=pl.when(joined < VOUCHERS[0]).then(0).when(joined < VOUCHERS[1]).then(1).otherwise(2)
    )
    churned: dict[int, list[bool]] = {came: [] for came in range(3)}
    for came, answer in customers.select("came", "churned").iter_rows():
        churned[came].append(answer == "yes")
    early, voucher, late = (sum(answers) / len(answers) for answers in churned.values())
    assert voucher > 0.8
    assert early < 0.3
    assert late < 0.3


def test_customers_are_described_as_of_the_snapshot(shop: dict[str, pl.DataFrame]) -> None:
    snapshot = TODAY - timedelta(days=WATCHED_DAYS)
    first = TODAY - timedelta(days=730)
    orders = shop["orders.csv"].filter(pl.col("order_date").is_between(first, snapshot, closed="left"))
    counted = orders.group_by("customer_id").agg(counted=pl.col("order_id").n_unique())
    joined = (
        shop["customers.csv"].join(counted, on="customer_id", how="left").with_columns(pl.col("counted").fill_null(0))
    )
    assert joined.select((pl.col("past_orders") == pl.col("counted").fill_null(0)).all()).item()
    assert shop["customers.csv"]["days_since_order"].min() == 1


def test_the_days_are_slices_of_the_history(shop: dict[str, pl.DataFrame]) -> None:
    days = sorted(name for name in shop if name.startswith("days/orders_"))
    assert days == [f"days/orders_{TODAY - timedelta(days=back)}.csv" for back in (5, 4, 3, 2, 1)]
    for back, name in zip((5, 4, 3, 2, 1), days, strict=True):
        expected = shop["orders.csv"].filter(pl.col("order_date") == TODAY - timedelta(days=back))
        assert shop[name].equals(expected)
        assert expected.height > 100


def test_the_correction_puts_the_slip_right_and_adds_two_orders(shop: dict[str, pl.DataFrame]) -> None:
    slipped = TODAY - timedelta(days=5)
    before, after = shop[f"days/orders_{slipped}.csv"], shop[f"days/corrections/orders_{slipped}.csv"]
    assert before["quantity"].max() == 12_000
    assert after["quantity"].max() == 12
    assert after.height == before.height + 2
    late = set(after["order_id"]) - set(shop["orders.csv"]["order_id"])
    assert len(late) == 2
    assert not late & set(shop["orders_today.csv"]["order_id"])
    assert set(after["order_date"]) == {slipped}


def test_todays_orders_follow_the_history_and_stream_with_their_revenue(shop: dict[str, pl.DataFrame]) -> None:
    today, stream = shop["orders_today.csv"], shop["today.jsonl"]
    assert today.columns == shop["orders.csv"].columns
    assert set(today["order_date"]) == {TODAY}
    assert min(today["order_id"]) > max(shop["orders.csv"]["order_id"])
    assert stream["ordered_at"].is_sorted()
    assert stream["ordered_at"].str.starts_with(TODAY.isoformat()).all()
    exact = (today["quantity"] * today["unit_price"]).sum()
    assert round(stream["revenue"].sum(), 2) == float(exact)


def test_every_ninth_product_name_ends_with_a_blank_and_all_differ(shop: dict[str, pl.DataFrame]) -> None:
    names = shop["products.csv"]["product_name"]
    assert (names != names.str.strip_chars()).sum() == 13
    assert names.str.strip_chars().n_unique() == names.len() == 120


def test_trade_grows_and_peaks_before_christmas() -> None:
    busy = busyness(np.random.default_rng(1), date(2024, 1, 1))
    assert len(busy) == 730
    assert abs(busy.sum() - 1) < 1e-12
    first, second = busy[:365].sum(), busy[365:].sum()
    assert second > 1.2 * first
    assert busy[700:730].mean() > 1.3 * busy[590:620].mean()


def test_a_product_costs_what_its_kind_costs_at_least() -> None:
    products = draw_products(np.random.default_rng(1))
    cheapest = {name.split(" ", 1)[1]: price for name, price in zip(products.names, products.prices, strict=True)}
    assert cheapest["table lamp"] >= 4900
    assert (products.prices % 5 == 0).all()
    assert abs(products.popularity.sum() - 1) < 1e-12
