"""The shop's order lines: who bought what, when, where, at which price; returns; a day's late correction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.demo.buyers import GUEST, Buyers
from lakebook.demo.shop import CHANNELS, COUNTRIES, HISTORY_DAYS, Products, weighted

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

FIRST_ORDER = 100_001
SLICED_DAYS = 5
RETURN_SHARE = 0.025
GUEST_SHARE = 0.12
DISCOUNTS = ((100, 0.80), (90, 0.12), (75, 0.08))
QUANTITIES = ((1, 0.46), (2, 0.24), (3, 0.12), (4, 0.08), (6, 0.06), (12, 0.04))
LINES_AN_ORDER = ((1, 0.34), (2, 0.26), (3, 0.18), (4, 0.11), (5, 0.07), (6, 0.04))


def draw_history(
    random: np.random.Generator, products: Products, buyers: Buyers, busy: NDArray[np.float64], count: int
) -> pl.DataFrame:
    """Two years of clean order lines in the order they came, days counted from the first; `count` lines in all."""
    import numpy as np
    import polars as pl

    returned = int(count * RETURN_SHARE)
    order = _orders_of_lines(random, count - returned)
    total = int(order[-1]) + 1
    buyer, day = _who_and_when(random, buyers, busy, total)
    country = np.where(buyer == GUEST, weighted(random, list(COUNTRIES.values()), total), buyers.country[buyer])
    channel = weighted(random, list(CHANNELS.values()), total)
    lines = pl.DataFrame({
        "order": order, "day": day[order], "buyer": buyer[order], "country": country[order],
        "channel": channel[order], **_what(random, products, order),
    })  # fmt: skip
    lines = pl.concat([lines, _returns(random, lines, returned, total)])
    orders = total + returned
    place = pl.Series(random.permutation(orders))
    lines = lines.with_columns(place=place.gather(lines["order"])).sort("day", "place", maintain_order=True)
    return lines.with_columns(order=pl.col("order").rle_id().cast(pl.Int64) + FIRST_ORDER).drop("place")


def _orders_of_lines(random: np.random.Generator, count: int) -> NDArray[np.int64]:
    """The number of the order that each line belongs to, counted from 0."""
    import numpy as np

    sizes = _one_of(random, LINES_AN_ORDER, count)
    return np.repeat(np.arange(count), sizes)[:count]


def _who_and_when(
    random: np.random.Generator, buyers: Buyers, busy: NDArray[np.float64], count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A buyer (or GUEST) and a day for each order; customers buy between joining and leaving only."""
    import numpy as np

    reach = np.concatenate([[0.0], np.cumsum(busy)])
    opens, closes = reach[buyers.joined], reach[buyers.left]
    buyer = weighted(random, buyers.activity * (closes - opens), count)
    buyer = np.where(random.random(count) < GUEST_SHARE, GUEST, buyer)
    # The last days are sliced into files of their own: a small shop has orders on each of them too.
    buyer[: 2 * SLICED_DAYS] = GUEST
    low = np.where(buyer == GUEST, 0.0, opens[buyer])
    high = np.where(buyer == GUEST, 1.0, closes[buyer])
    day = np.searchsorted(reach, low + random.random(count) * (high - low), side="right") - 1
    day = np.clip(day, 0, HISTORY_DAYS - 1)
    day[: 2 * SLICED_DAYS] = np.tile(np.arange(HISTORY_DAYS - SLICED_DAYS, HISTORY_DAYS), 2)
    return buyer, day


def _what(random: np.random.Generator, products: Products, order: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    """A product, a quantity and a price in cents for each line; no product twice in one order."""
    import numpy as np

    count, kinds = len(order), len(products.ids)
    product = weighted(random, products.popularity, count)
    while True:
        key = order * kinds + product
        ranked = np.argsort(key, kind="stable")
        twice = np.zeros(count, dtype=bool)
        twice[ranked[1:]] = key[ranked][1:] == key[ranked][:-1]
        if not twice.any():
            break
        product[twice] = (product[twice] + 1) % kinds
    percent = _one_of(random, DISCOUNTS, count)
    return {
        "product": product,
        "quantity": _one_of(random, QUANTITIES, count),
        "cents": (products.prices[product] * percent + 50) // 100,
    }


def _returns(random: np.random.Generator, lines: pl.DataFrame, count: int, first_order: int) -> pl.DataFrame:
    """Earlier lines that come back three to twenty days later: an order of their own, a negative quantity."""
    import numpy as np
    import polars as pl

    eligible = np.flatnonzero(lines["day"].to_numpy() < HISTORY_DAYS - 21)
    chosen = lines[np.sort(random.choice(eligible, count, replace=False))]
    return chosen.with_columns(
        order=pl.Series(np.arange(first_order, first_order + count)),
        day=chosen["day"] + pl.Series(random.integers(3, 21, count)),
        quantity=-pl.col("quantity"),
    )


def draw_today(random: np.random.Generator, products: Products, buyers: Buyers, history: pl.DataFrame) -> pl.DataFrame:
    """The order lines of the day after the history, in the order they come, with the second of the day."""
    import numpy as np
    import polars as pl

    count = max(60, history.height // HISTORY_DAYS)
    order = _orders_of_lines(random, count)
    total = int(order[-1]) + 1
    stays = np.flatnonzero(buyers.left == HISTORY_DAYS)
    buyer = stays[weighted(random, buyers.activity[stays], total)]
    buyer = np.where(random.random(total) < GUEST_SHARE, GUEST, buyer)
    country = np.where(buyer == GUEST, weighted(random, list(COUNTRIES.values()), total), buyers.country[buyer])
    second = np.sort(random.triangular(7 * 3600, 15 * 3600, 22 * 3600, total)).astype(np.int64)
    return pl.DataFrame({
        "order": order + int(history["order"].to_numpy().max()) + 100,
        "day": np.full(count, HISTORY_DAYS),
        "buyer": buyer[order], "country": country[order],
        "channel": weighted(random, list(CHANNELS.values()), total)[order],
        **_what(random, products, order), "second": second[order],
    })  # fmt: skip


def named(lines: pl.DataFrame, products: Products, buyers: Buyers, first_day: np.datetime64) -> pl.DataFrame:
    """The lines as the shop writes them: dates, names and decimal prices in place of numbers."""
    import numpy as np
    import polars as pl

    buyer = lines["buyer"].to_numpy()
    customer = pl.Series(buyers.ids[buyer]).to_frame("id").with_columns(guest=pl.Series(buyer == GUEST))
    return lines.select(
        order_id="order",
        order_date=pl.Series(first_day + lines["day"].to_numpy()),
        customer_id=customer.select(pl.when(~pl.col("guest")).then(pl.col("id"))).to_series(),
        product_id=pl.Series(products.ids[lines["product"].to_numpy()]),
        quantity="quantity",
        unit_price=(pl.col("cents").cast(pl.Decimal(18, 2)) / 100).cast(pl.Decimal(18, 2)),
        country=pl.Series(np.array(list(COUNTRIES))[lines["country"].to_numpy()]),
        channel=pl.Series(np.array(list(CHANNELS))[lines["channel"].to_numpy()]),
    )


def _one_of(random: np.random.Generator, choices: tuple[tuple[int, float], ...], count: int) -> NDArray[np.int64]:
    """Values drawn from (value, weight) pairs."""
    import numpy as np

    values = np.array([value for value, _ in choices])
    return values[weighted(random, [weight for _, weight in choices], count)]
