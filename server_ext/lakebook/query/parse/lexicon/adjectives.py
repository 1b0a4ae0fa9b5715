"""Adjectives of measure and the words of the columns that hold what they measure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """A dimension that adjectives speak of: words of column names, fittest first, and the adjectives of each end."""

    columns: tuple[str, ...]
    high: tuple[str, ...]
    higher: tuple[str, ...]
    highest: tuple[str, ...]
    low: tuple[str, ...] = ()
    lower: tuple[str, ...] = ()
    lowest: tuple[str, ...] = ()
    extremes: bool = False  # a column of the day's maximum serves the high end, of its minimum the low end
    reversed_columns: tuple[str, ...] = ()  # times whose lowest value is the high end: the oldest was born first


MEASURES = (
    Measure(("length", "duration", "milliseconds", "seconds", "minutes", "hours", "runtime", "distance", "long",
        "time", "ms", "stay"),
            ("long",), ("longer",), ("longest",), ("short",), ("shorter",), ("shortest", "briefest")),
    Measure(("mass", "weight", "weigh"), ("heavy", ), ("heavier", ), ("heaviest", ), ("light", ), ("lighter", ),
        ("lightest", )),
    Measure(("temperature", "temp"), ("hot", "warm"), ("hotter", "warmer"), ("hottest", "warmest"), ("cold", "cool"),
            ("colder", "cooler", "chillier"), ("coldest", "coolest", "chilliest"), extremes=True),
    Measure(("age",), ("old",), ("older",), ("oldest", "eldest"), ("young",), ("younger",), ("youngest",),
            reversed_columns=("birth", "born", "dob", "birthday")),
    Measure(("price", "cost", "fare", "fee", "charge", "amount", "total"),
            ("expensive", "dear", "pricey", "costly"), ("more expensive", "dearer", "pricier", "costlier"),
            ("most expensive", "dearest", "priciest", "costliest"), ("cheap",), ("cheaper", "less expensive"),
            ("cheapest", "least expensive")),
    Measure(("precipitation", "rain", "rainfall"), ("wet", "rainy"), ("wetter", "rainier"), ("wettest", "rainiest",
        "heaviest"),
        ("dry", ),
            ("drier", "dryer"), ("driest", "dryest")),
    Measure(("wind", "gust"), ("windy", ), ("windier", ), ("windiest", "stormiest", "breeziest"), ("calm", ),
        ("calmer", ), ("calmest", )),
    Measure(("width", "breadth"), ("wide", "broad"), ("wider", "broader"), ("widest", "broadest"), ("narrow", ),
        ("narrower", ), ("narrowest", )),
    Measure(("height", "elevation", "altitude"), ("tall", "high"), ("taller", "higher"), ("tallest", "highest"), (),
        (), ()),
    Measure(("depth", ), ("deep", "thick"), ("deeper", "thicker"), ("deepest", "thickest"), ("shallow", ),
        ("shallower", "thinner"), ("shallowest", "thinnest")),
    Measure(("speed", "velocity"), ("fast", "quick"), ("faster", "quicker"), ("fastest", "quickest"), ("slow", ),
        ("slower", ), ("slowest", )),
    Measure(("bytes", "size", "area", "volume"), ("large", "big"), ("larger", "bigger"), ("largest", "biggest"),
        ("small", ), ("smaller", ), ("smallest", "tiniest")),
    Measure(("population",), ("populous",), ("more populous",), ("most populous",)),
    Measure(("delay",), ("late", "delayed"), ("more delayed",), ("most delayed", "latest")),
    Measure(("humidity",), ("humid",), ("more humid",), ("most humid",)),
    Measure(("salary", "income", "wage", "pay"), ("well paid", ), ("better paid", ), ("best paid", "highest paid",
        "richest"), (), (), ("worst paid", "lowest paid")),
    Measure(("score", "rating", "mark", "grade", "points"), (), ("better", ), ("best rated", "highest rated", "best"),
        (), ("worse", ), ("worst rated", "lowest rated", "worst")),
    Measure(("alcohol", "strength"), ("strong",), ("stronger",), ("strongest",), ("weak",), ("weaker",), ("weakest",)),
)  # fmt: skip

# Verbs that say a measure: "weigh more than 4 kg".
MEASURING = {
    ("delayed by", "late by", "delayed", "held up by"): ("delay",),
    ("rained", "rain", "rains", "it rained", "poured"): ("precipitation", "rain", "rainfall"),
    ("weigh", "weighs", "weighed", "weighing"): ("mass", "weight"),
    ("cost", "costs", "costing", "are priced", "is priced", "priced", "sell for", "sells for", "sold for",
        "go for"): ("price", "cost", "fare", "fee"),
    ("last", "lasts", "lasted", "lasting", "run for", "runs for", "run", "runs", "ran", "play for", "plays for"): (
        "length", "duration", "milliseconds", "seconds", "minutes", "hours", "runtime", "stay",
    ),
}  # fmt: skip

# Entities have no column for these words: what they bring in is meant.
WORTH_MOST = (
    "most valuable", "biggest", "largest", "single most valuable", "single biggest", "single largest", "most lucrative",
    "biggest single", "largest single", "highest - value",
)  # fmt: skip
WORTH_LEAST = ("least valuable", "smallest", "least lucrative")
