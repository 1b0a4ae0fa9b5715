"""The demo's data as files: written beside each other, then put in their places together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from lakebook.demo.buyers import describe_buyers, draw_buyers
from lakebook.demo.dirt import corrected, duplicate_count, soil_orders
from lakebook.demo.orders import SLICED_DAYS, draw_history, draw_today, named
from lakebook.demo.shop import HISTORY_DAYS, Products, busyness, draw_products

if TYPE_CHECKING:
    import polars as pl

LINES_A_CUSTOMER = 50


def write_data(folder: Path, lines: int, seed: int, today: date) -> dict[str, int]:
    """Write every data file into the folder; returns the rows of each by its path."""
    rows = {}
    for name, frame in shop_files(lines, seed, today):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".jsonl":
            frame.write_ndjson(path)
        else:
            frame.write_csv(path)
        rows[name] = frame.height
    return rows


def shop_files(lines: int, seed: int, today: date) -> Iterator[tuple[str, pl.DataFrame]]:
    """The data files one by one, as path and frame. The history ends the day before `today`."""
    import numpy as np

    random = np.random.Generator(np.random.PCG64(seed))
    first = today - timedelta(days=HISTORY_DAYS)
    first_day = np.datetime64(first)
    products = draw_products(random)
    buyers = draw_buyers(random, max(100, lines // LINES_A_CUSTOMER))
    duplicates = duplicate_count(lines)
    history = draw_history(random, products, buyers, busyness(random, first), lines - duplicates)
    slip_day = today - timedelta(days=SLICED_DAYS)
    orders = soil_orders(random, named(history, products, buyers, first_day), duplicates, slip_day)
    yield "orders.csv", orders
    yield "customers.csv", describe_buyers(random, buyers, orders, first_day)
    yield "products.csv", _product_list(products)
    now = draw_today(random, products, buyers, history)
    yield "orders_today.csv", named(now, products, buyers, first_day)
    yield "today.jsonl", _stream(now, named(now, products, buyers, first_day))
    yield from _days(orders, slip_day)


def _days(orders: pl.DataFrame, slip_day: date) -> Iterator[tuple[str, pl.DataFrame]]:
    """The last days as files of their own, and the first of them once more, corrected."""
    import polars as pl

    for number in range(SLICED_DAYS):
        day = slip_day + timedelta(days=number)
        yield f"days/orders_{day}.csv", orders.filter(pl.col("order_date") == day)
    slipped = orders.filter(pl.col("order_date") == slip_day)
    last_order = int(orders["order_id"].to_numpy().max())
    yield f"days/corrections/orders_{slip_day}.csv", corrected(slipped, last_order)


def _product_list(products: Products) -> pl.DataFrame:
    """products.csv; every ninth name has a blank at its end."""
    import polars as pl

    names = [f"{name} " if number % 9 == 4 else name for number, name in enumerate(products.names)]
    cents = pl.Series(products.prices).cast(pl.Decimal(18, 2))
    return pl.DataFrame({
        "product_id": products.ids, "product_name": names, "category": products.categories,
        "list_price": (cents / 100).cast(pl.Decimal(18, 2)),
    })  # fmt: skip


def _stream(now: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Today's order lines as events, with their time and what each brings in."""
    import polars as pl

    moment = pl.col("order_date").cast(pl.Datetime("ms")) + pl.duration(seconds=pl.col("second"))
    price = pl.col("unit_price").cast(pl.Float64)
    return lines.with_columns(now["second"]).select(
        moment.dt.strftime("%Y-%m-%dT%H:%M:%S").alias("ordered_at"),
        "order_id", "product_id", "country", "channel", "quantity",
        price.alias("unit_price"),
        (price * pl.col("quantity")).round(2).alias("revenue"),
    )  # fmt: skip
