"""The invented shop: where it sells, by which channels, what, and when it is busy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HISTORY_DAYS = 730

COUNTRIES = {
    "Ireland": 0.24, "Germany": 0.17, "France": 0.14, "Netherlands": 0.11, "Spain": 0.08, "Belgium": 0.07,
    "Italy": 0.06, "Austria": 0.04, "Denmark": 0.03, "Portugal": 0.03, "Sweden": 0.02, "Poland": 0.01,
}  # fmt: skip
CHANNELS = {"web": 0.52, "app": 0.27, "store": 0.15, "phone": 0.06}

MATERIALS = ("Oak", "Linen", "Enamel", "Wool", "Copper", "Glass", "Cork", "Bamboo")
# Things of each category, with the price in cents that the plainest of them costs.
THINGS = {
    "Kitchen": {"mug": 690, "bowl": 990, "teapot": 2490, "bread board": 1890},
    "Garden": {"planter": 1490, "watering can": 1990, "bird feeder": 1290},
    "Stationery": {"notebook": 550, "pencil case": 790, "letter tray": 1590},
    "Lighting": {"table lamp": 4900, "lantern": 2290},
    "Home": {"cushion": 1790, "doormat": 2190, "coat hook": 850},
}


@dataclass(frozen=True)
class Products:
    """The range: one entry a product in every field; prices in cents."""

    ids: NDArray[np.str_]
    names: list[str]
    categories: list[str]
    prices: NDArray[np.int64]
    popularity: NDArray[np.float64]


def draw_products(random: np.random.Generator) -> Products:
    """Every material of every thing, with a price ending in 0 or 5 cents and a long-tailed popularity."""
    import numpy as np

    kinds = [(kind, thing, cents) for kind, things in THINGS.items() for thing, cents in things.items()]
    rows = [(f"{material} {thing}", kind, cents) for kind, thing, cents in kinds for material in MATERIALS]
    base = np.array([cents for _, _, cents in rows])
    prices = (base * random.uniform(1.0, 1.9, len(rows)) / 5).astype(np.int64) * 5
    popularity = 1.0 / (1.0 + random.permutation(len(rows))) ** 0.6
    return Products(
        ids=np.array([f"P{number:03d}" for number in range(1, len(rows) + 1)]),
        names=[name for name, _, _ in rows],
        categories=[kind for _, kind, _ in rows],
        prices=prices,
        popularity=popularity / popularity.sum(),
    )


def busyness(random: np.random.Generator, first: date) -> NDArray[np.float64]:
    """How much of two years' trade falls on each day: growth, the week, the season, and luck. Sums to 1."""
    import numpy as np

    days = [first + timedelta(days=number) for number in range(HISTORY_DAYS)]
    week = np.array([1.05, 0.95, 0.92, 0.98, 1.10, 1.25, 0.75])[[day.weekday() for day in days]]
    season = np.array([0.85, 0.85, 0.95, 1.0, 1.05, 1.0, 0.9, 0.85, 0.95, 1.05, 1.35, 1.5])
    weights = week * season[[day.month - 1 for day in days]] * np.linspace(1.0, 1.5, HISTORY_DAYS)
    weights *= random.gamma(60.0, 1 / 60.0, HISTORY_DAYS)
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def weighted(random: np.random.Generator, weights: NDArray[np.float64] | list[float], count: int) -> NDArray[np.int64]:
    """Positions drawn in proportion to the weights."""
    import numpy as np

    reach = np.cumsum(np.asarray(weights, dtype=np.float64))
    found = np.searchsorted(reach, random.random(count) * reach[-1], side="right")
    return np.asarray(np.minimum(found, len(reach) - 1), dtype=np.int64)
