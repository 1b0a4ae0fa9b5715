"""Real dirt for clean data: blanks around words, odd dates, a keying slip, lines sent twice."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

ODD_DATES = (date(1900, 1, 1), date(1970, 1, 1), date(2099, 12, 31))
DUPLICATE_SHARE = 0.003
BLANK_SHARE = 0.0015
SLIP = 1_000


def duplicate_count(lines: int) -> int:
    """How many of so many order lines are sent twice."""
    return max(2, round(lines * DUPLICATE_SHARE))


def soil_orders(random: np.random.Generator, clean: pl.DataFrame, duplicates: int, slip_day: date) -> pl.DataFrame:
    """Order lines with outer blanks in countries, a few odd dates, one quantity keyed a thousand times too high
    on `slip_day`, and `duplicates` lines repeated exactly, each right after itself.
    """
    import numpy as np
    import polars as pl

    count = clean.height
    early = np.flatnonzero((clean["order_date"] < slip_day).to_numpy())
    odd = random.choice(early, len(ODD_DATES) * (1 + count // 100_000), replace=False)
    blank = random.choice(count, max(2, round(count * BLANK_SHARE)), replace=False)
    dates, countries = clean["order_date"].to_list(), clean["country"].to_list()
    for number, row in enumerate(odd):
        dates[row] = ODD_DATES[number % len(ODD_DATES)]
    for number, row in enumerate(blank):
        countries[row] = f"{countries[row]} " if number % 3 else f" {countries[row]}"
    quantity = clean["quantity"].to_numpy().copy()
    that_day = np.flatnonzero((clean["order_date"] == slip_day).to_numpy() & (quantity > 0))
    slipped = that_day[np.argmin(clean["unit_price"].cast(pl.Float64).to_numpy()[that_day])]
    quantity[slipped] = 12 * SLIP
    repeated = random.choice(np.delete(np.arange(count), slipped), duplicates, replace=False)
    rows = np.repeat(np.arange(count), 1 + np.isin(np.arange(count), repeated))
    soiled = clean.with_columns(order_date=pl.Series(dates), country=pl.Series(countries), quantity=pl.Series(quantity))
    return soiled[rows]


def corrected(day: pl.DataFrame, last_order: int) -> pl.DataFrame:
    """The day's file as it is sent again later: the slip put right, and two phone orders that were keyed in late."""
    import polars as pl

    right = day.with_columns(
        quantity=pl.when(pl.col("quantity") >= 12 * SLIP).then(12).otherwise(pl.col("quantity")).cast(pl.Int64)
    )
    late = right.filter(pl.col("quantity") > 0).tail(2).with_columns(
        order_id=pl.int_range(pl.len(), dtype=pl.Int64) + last_order + 1, quantity=pl.lit(6, pl.Int64),
        channel=pl.lit("phone"),
    )  # fmt: skip
    return pl.concat([right, late])
