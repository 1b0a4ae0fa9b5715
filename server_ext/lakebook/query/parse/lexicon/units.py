"""Units of measure: their words, and what they are of the unit a column's name ends in."""

from __future__ import annotations

# dimension -> unit -> (how many of the base unit, words)
UNITS: dict[str, dict[str, tuple[float, tuple[str, ...]]]] = {
    "time": {
        "ms": (1, ("ms", "milliseconds", "millisecond", "millis", "msec")),
        "s": (1_000, ("s", "sec", "secs", "second", "seconds")),
        "min": (60_000, ("min", "mins", "minute", "minutes")),
        "h": (3_600_000, ("h", "hr", "hrs", "hour", "hours")),
        "days": (86_400_000, ("days", "day")),
    },
    "mass": {
        "g": (1, ("g", "gram", "grams", "gramme", "grammes", "gr")), "kg": (1000, ("kg", "kilo", "kilos", "kilogram",
        "kilograms", "kgs")),
        "mg": (0.001, ("mg", "milligram", "milligrams")), "t": (1_000_000, ("ton", "tons", "tonne", "tonnes")),
    },
    "length": {
        "mm": (1, ("mm", "millimeter", "millimeters", "millimetre", "millimetres")), "cm": (10, ("cm", "centimeter",
        "centimeters", "centimetre", "centimetres")),
        "m": (1000, ("m", "meter", "meters", "metre", "metres")), "km": (1_000_000, ("km", "kilometer", "kilometers",
        "kilometre", "kilometres")),
    },
    "temperature": {"c": (1, ("degrees", "degree", "°", "°c", "degrees celsius", "celsius", "degrees c", "c"))},
    "speed": {"m/s": (1, ("m/s", "meters per second", "metres per second"))},
    "money": {
        "unit": (1, ("pounds", "pound", "dollars", "dollar", "euros", "euro", "gbp", "usd", "eur", "£", "$", "€",
        "bucks", "quid")),
        "cent": (0.01, ("cents", "cent", "pence", "p", "¢")),
    },
    "size": {
        "bytes": (1, ("bytes", "byte")), "kb": (1000, ("kb", "kilobytes", "kilobyte")), "mb": (1_000_000, ("mb",
        "megabytes", "megabyte")),
        "gb": (1_000_000_000, ("gb", "gigabytes", "gigabyte")),
    },
    "percent": {"%": (1, ("%", "percent", "per cent", "pct"))},
}  # fmt: skip

# The unit that a column's name ends in or is.
SUFFIXES = {
    "ms": ("time", "ms"), "milliseconds": ("time", "ms"), "millis": ("time", "ms"), "seconds": ("time", "s"),
    "sec": ("time", "s"), "secs": ("time", "s"), "minutes": ("time", "min"), "mins": ("time", "min"),
    "min": ("time", "min"), "hours": ("time", "h"), "hrs": ("time", "h"), "days": ("time", "days"), "g": ("mass", "g"),
    "grams": ("mass", "g"), "kg": ("mass", "kg"), "mm": ("length", "mm"), "cm": ("length", "cm"), "m": ("length", "m"),
    "km": ("length", "km"), "bytes": ("size", "bytes"), "kb": ("size", "kb"), "mb": ("size", "mb"),
    "c": ("temperature", "c"), "celsius": ("temperature", "c"), "usd": ("money", "unit"), "eur": ("money", "unit"),
    "gbp": ("money", "unit"), "pct": ("percent", "%"), "percent": ("percent", "%"),
}  # fmt: skip
SUFFIXES |= {"minute": ("time", "min"), "hour": ("time", "h"), "second": ("time", "s"), "millisecond": ("time", "ms"),
    "day": ("time", "days"), "gram": ("mass", "g"), "byte": ("size", "bytes")}  # fmt: skip
# Words of a column that say its dimension where its name ends in no unit; rain is measured in millimetres.
DIMENSIONS = {
    "temperature": ("temperature", "c"), "temp": ("temperature", "c"), "price": ("money", "unit"),
    "amount": ("money", "unit"), "total": ("money", "unit"), "revenue": ("money", "unit"), "cost": ("money", "unit"),
    "fare": ("money", "unit"), "fee": ("money", "unit"), "salary": ("money", "unit"), "precipitation": ("length", "mm"),
    "rain": ("length", "mm"), "rainfall": ("length", "mm"), "wind": ("speed", "m/s"), "charge": ("money", "unit"),
}  # fmt: skip
NUMBER_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000, "dozen": 12, "half a million": 500000,
    "once": 1, "twice": 2,
}  # fmt: skip
SCALES = {"thousand": 1_000, "million": 1_000_000, "hundred": 100, "k": 1_000, "billion": 1_000_000_000, "dozen": 12}
