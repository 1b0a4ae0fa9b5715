"""The shop's customers: how often each buys, since when, and who stops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakebook.demo.shop import COUNTRIES, HISTORY_DAYS, weighted

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

# customers.csv describes each customer as of this many days ago; churned says what came after.
WATCHED_DAYS = 90
SNAPSHOT = HISTORY_DAYS - WATCHED_DAYS
GUEST = -1
# A campaign brought many customers who came for the voucher only: what a straight line cannot learn from `joined`.
VOUCHERS = (SNAPSHOT - 400, SNAPSHOT - 190)
LEAVING_DAYS = 60


@dataclass(frozen=True)
class Buyers:
    """The customers: one entry each in every field; days count from the first of the history."""

    ids: NDArray[np.str_]
    country: NDArray[np.int64]
    joined: NDArray[np.int64]
    left: NDArray[np.int64]
    activity: NDArray[np.float64]


def draw_buyers(random: np.random.Generator, count: int) -> Buyers:
    """Customers who joined before the snapshot; few leave, but of those who came in the voucher campaign most do."""
    import numpy as np

    joined = np.where(random.random(count) < 0.4, 0, random.integers(0, SNAPSHOT - 30, count))
    voucher = (joined >= VOUCHERS[0]) & (joined < VOUCHERS[1])
    leaves = random.random(count) < np.where(voucher, 0.9, 0.1)
    earliest = np.maximum(joined + 20, SNAPSHOT - LEAVING_DAYS)
    left = np.where(leaves, random.integers(earliest, SNAPSHOT + 10), HISTORY_DAYS)
    return Buyers(
        ids=np.array([f"C{number:05d}" for number in range(1, count + 1)]),
        country=weighted(random, list(COUNTRIES.values()), count),
        joined=joined.astype(np.int64),
        left=left.astype(np.int64),
        activity=0.25 + random.gamma(1.6, 1.0, count),
    )


def describe_buyers(
    random: np.random.Generator, buyers: Buyers, lines: pl.DataFrame, first_day: np.datetime64
) -> pl.DataFrame:
    """customers.csv: what the order lines say of each customer at the snapshot, and whether any order followed."""
    import numpy as np
    import polars as pl

    snapshot = (first_day + np.timedelta64(SNAPSHOT, "D")).item()
    end = (first_day + np.timedelta64(HISTORY_DAYS, "D")).item()
    known = lines.filter(pl.col("customer_id").is_not_null())
    before = known.filter(pl.col("order_date").is_between(first_day.item(), snapshot, closed="left"))
    value = pl.col("quantity") * pl.col("unit_price").cast(pl.Float64)
    figures = before.group_by("customer_id").agg(
        past_orders=pl.col("order_id").n_unique(),
        days_since_order=(pl.lit(snapshot) - pl.col("order_date").max()).dt.total_days(),
        average_basket=(value.sum() / pl.col("order_id").n_unique()).round(2),
        returned_share=((pl.col("quantity") < 0).mean()).round(3),
    )
    after = known.filter(pl.col("order_date").is_between(snapshot, end, closed="left"))
    return (
        pl.DataFrame(_card(random, buyers, first_day))
        .join(figures, on="customer_id", how="left", maintain_order="left")
        .with_columns(
            pl.col("past_orders").fill_null(0),
            churned=pl.when(pl.col("customer_id").is_in(after["customer_id"].unique().to_list()))
            .then(pl.lit("no"))
            .otherwise(pl.lit("yes")),
        )
    )


def _card(random: np.random.Generator, buyers: Buyers, first_day: np.datetime64) -> dict[str, object]:
    """What the shop wrote down itself; people about to leave write to support more often and are less content."""
    import numpy as np

    count = len(buyers.ids)
    leaving = buyers.left < SNAPSHOT + 10
    content = np.clip(np.rint(random.normal(np.where(leaving, 2.7, 3.9), 0.9)), 1, 5)
    satisfaction = np.where(random.random(count) < 0.08, np.nan, content)
    return {
        "customer_id": buyers.ids,
        "joined": first_day + buyers.joined,
        "country": np.array(list(COUNTRIES))[buyers.country],
        "newsletter": np.where(random.random(count) < np.where(leaving, 0.35, 0.6), "yes", "no"),
        "support_contacts": random.poisson(np.where(leaving, 1.9, 0.7)),
        "satisfaction": [None if np.isnan(mark) else int(mark) for mark in satisfaction],
    }
