"""Adjectives of measure and units by their words, and the columns that they speak of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from lakebook.query.parse.lexicon.adjectives import MEASURES, MEASURING, Measure
from lakebook.query.parse.lexicon.nouns import IDENTIFIERS
from lakebook.query.parse.lexicon.units import DIMENSIONS, SCALES, SUFFIXES, UNITS
from lakebook.query.parse.wants import Unit
from lakebook.query.parse.words import parts, singular, stems


def _adjectives_by_words() -> dict[tuple[str, ...], list[tuple[Measure, str, bool]]]:
    found: dict[tuple[str, ...], list[tuple[Measure, str, bool]]] = {}
    for measure in MEASURES:
        for degree, high, forms in (
            ("", True, measure.high), ("er", True, measure.higher), ("est", True, measure.highest),
            ("", False, measure.low), ("er", False, measure.lower), ("est", False, measure.lowest),
        ):  # fmt: skip
            for form in forms:
                found.setdefault(tuple(form.split()), []).append((measure, degree, high))
    return found


ADJECTIVES = _adjectives_by_words()
UNITS_BY_WORDS: dict[tuple[str, ...], Unit] = {
    tuple(words.split()): (dimension, unit)
    for dimension, units in UNITS.items()
    for unit, (_, said) in units.items()
    for words in said
}


@cache
def known_words() -> frozenset[str]:
    """The words of adjectives of measure and of units."""
    found = {word for run in (*ADJECTIVES, *UNITS_BY_WORDS) for word in run}
    return frozenset(found | {word for words in MEASURING for run in words for word in run.split()} | set(SCALES))


@dataclass(frozen=True)
class Adjective:
    """An adjective of measure: its columns, its degree (``, `er`, `est`), and whether it speaks of the high end."""

    measure: Measure
    degree: str
    high: bool


def fitness(words: tuple[str, ...], adjective: Adjective) -> float | None:
    if not words or words[-1] in IDENTIFIERS:
        return None
    for place, name in enumerate(adjective.measure.columns):
        if singular(name) in words:
            cost = 0.02 * place
            if adjective.measure.extremes and ("max" in words or "min" in words):
                wanted = "max" if adjective.high else "min"
                return cost if wanted in words else None
            return cost
    if any(word in words for word in adjective.measure.reversed_columns):
        return 0.0
    return None


def unit_of(name: str) -> Unit | None:
    """The dimension and unit that a column's name says its values have."""
    words = parts(name)
    if not words:
        return None
    least = words[-1] == "min" and words[0] in DIMENSIONS  # temp_min is no temperature in minutes
    if words[-1] in SUFFIXES and (len(words) > 1 or len(words[0]) > 4) and not least:
        return SUFFIXES[words[-1]]
    for word in stems(words):
        if word in DIMENSIONS:
            return DIMENSIONS[word]
    return None
