"""Bands with names: where they end, in which unit, and that nothing is left between two of them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lakebook.query.domain import Domain
from lakebook.query.reading import Declined, Missing, Reading
from lakebook.query.terms import Bands
from tests.unit.query.parse.more_worlds import BIRDS, DAYS, LINES, music
from tests.unit.query.parse.worlds import FLIGHTS, HOSPITAL, SHOP, read, said

B, D, L, F, H, S, T = BIRDS, DAYS, LINES, FLIGHTS, HOSPITAL, SHOP, music("Track")

MASS = "number of penguins by body mass: "
FLIPPER = "number of penguins by flipper length: "
ASKED: list[tuple[Domain, str, str, tuple[str, ...]]] = [
    (B, f"{MASS}light under 3500, medium 3500 to under 4500, heavy 4500 and above",
     "rows of penguins by light / medium / heavy by body_mass_g", ("3500", "4500")),
    (B, f"{MASS}light under 3.5 kg, medium 3.5 to under 4.5 kg, heavy 4.5 kg and above",
     "rows of penguins by light / medium / heavy by body_mass_g", ("3500", "4500")),
    (B, f"{FLIPPER}short under 19 cm, long 19 cm or more",
     "rows of penguins by short / long by flipper_length_mm", ("190",)),
    (B, f"{FLIPPER}'short' under 190 mm, 'medium' from 190 to under 210, 'long' from 210 up",
     "rows of penguins by short / medium / long by flipper_length_mm", ("190", "210")),
    (B, f"{FLIPPER}short under 190, medium between 190 and under 210, long 210 or more",
     "rows of penguins by short / medium / long by flipper_length_mm", ("190", "210")),
    (B, f"{FLIPPER}short under 190, medium 190 up to under 210 or long 210 or more",
     "rows of penguins by short / medium / long by flipper_length_mm", ("190", "210")),
    (B, "number of penguins per species and body mass: light under 4000, heavy 4000 or more",
     "rows of penguins by species and light / heavy by body_mass_g", ("4000",)),
    (B, "average bill length by body mass: light under 4000 g, heavy 4000 g or more",
     "average bill_length_mm by light / heavy by body_mass_g", ("4000",)),
    (B, "penguins by body mass, light below 4000 g, heavy 4000 g or more; how many in each band",
     "rows of penguins by light / heavy by body_mass_g", ("4000",)),
    (D, "number of days by high: cold below 10 degrees, warm 10 degrees or more",
     "rows of weather by cold / warm by temp_max", ("10",)),
    (L, "lines by quantity: small (below 10), big (10 or more)", "rows of orders by small / big by Quantity", ("10",)),
    (F, "number of flights by delay: 'small' under 15 minutes, 'large' from 15 minutes up",
     "rows of flights by small / large by delay_minutes", ("15",)),
    (F, "number of flights by delay: short under 1 hour, long 1 hour or more",
     "rows of flights by short / long by delay_minutes", ("60",)),
    (F, "flights by distance: short under 500 km, long 500 km or more",
     "rows of flights by short / long by distance_km", ("500",)),
    (H, "number of visits by cost: low (below 100), middle (100 to under 500), high (500 and more)",
     "rows of visits by low / middle / high by cost", ("100", "500")),
    (H, "visits by cost: low (below 100), high (100 or more). Number of each",
     "rows of visits by low / high by cost", ("100",)),
    (S, "revenue by unit price: cheap under 2, middle 2 to under 10, dear 10 or more",
     "revenue by cheap / middle / dear by unit_price", ("2", "10")),
    (S, "average quantity by unit price: cheap (under 2), dear (2 and above)",
     "average quantity by cheap / dear by unit_price", ("2",)),
]  # fmt: skip

# Things that are sorted into bands are counted, without those that have no such number.
SORTED: list[tuple[Domain, str, str, tuple[str, ...]]] = [
    (B, "sort the birds by body mass into light (under 3500), heavy (3500 or more) and count the birds in each class",
     "rows of penguins by light / heavy by body_mass_g, body_mass_g is known", ("3500",)),
    (B, "sort penguins into light (under 3500 g), heavy (3500 g or more)",
     "rows of penguins by light / heavy by body_mass_g, body_mass_g is known", ("3500",)),
    (B, "classify penguins by body mass: light below 4000 g, heavy 4000 g or more. How many of each?",
     "rows of penguins by light / heavy by body_mass_g, body_mass_g is known", ("4000",)),
    (B, "group the penguins by bill length into small (below 40 mm), big (40 mm or more), number of each",
     "rows of penguins by small / big by bill_length_mm, bill_length_mm is known", ("40",)),
    (B, "group penguins by body mass into two groups: light (under 3500 g), heavy (3500 g or more) and count them",
     "rows of penguins by light / heavy by body_mass_g, body_mass_g is known", ("3500",)),
    (D, "classify days by high: cold below 10, mild 10 to under 20, hot 20 and above. How many days in each?",
     "rows of weather by cold / mild / hot by temp_max, temp_max is known", ("10", "20")),
    (D, "sort days by wind into calm (below 2), windy (2 or more), count the days in each",
     "rows of weather by calm / windy by wind, wind is known", ("2",)),
    (T, "sort tracks into cheap (under 1 dollar) and dear (1 dollar or more). How many of each?",
     "rows of Track by cheap / dear by UnitPrice, UnitPrice is known", ("1",)),
    (H, "sort the visits by cost into low (below 100) and high (100 or more)",
     "rows of visits by low / high by cost, cost is known", ("100",)),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "question", "meant", "edges"), ASKED + SORTED, ids=[e[1] for e in ASKED + SORTED])
def test_bands_have_names_and_edges(domain: Domain, question: str, meant: str, edges: tuple[str, ...]) -> None:
    understood = read(question, domain)
    assert isinstance(understood, Reading)
    assert said(question, domain) == meant
    bands = understood.groups[-1]
    assert isinstance(bands, Bands)
    assert bands.edges == tuple(map(Decimal, edges))


@pytest.mark.parametrize(("domain", "question", "edges"), [(each[0], each[1], each[3]) for each in SORTED])
def test_what_has_no_number_is_in_no_band(domain: Domain, question: str, edges: tuple[str, ...]) -> None:
    understood = read(question, domain)
    assert isinstance(understood, Reading)
    bands = understood.groups[-1]
    assert isinstance(bands, Bands)
    assert understood.where == Missing(bands.term, True)
    assert len(bands.names) == len(edges) + 1


@pytest.mark.parametrize(
    ("domain", "question"),
    [
        (B, f"{FLIPPER}short under 190, medium 195 to under 210, long 210 or more"),  # a gap
        (B, f"{FLIPPER}short under 190, medium 190 to under 210, long 220 or more"),
        (B, f"{FLIPPER}short under 190, medium 185 to under 210, long 210 or more"),  # an overlap
        (B, f"{FLIPPER}short under 190, medium 190 to under 210"),  # no last band
        (B, f"{FLIPPER}short 180 to under 190, long 190 or more"),  # no first band
        (B, f"{FLIPPER}short (under 190 mm, long (190 mm or more)"),  # brackets that stay open
        (B, f"{FLIPPER}short under 190 mm, long 190 g or more"),  # a length is no mass
        (B, f"{MASS}light under 4000 g, heavy 4 kg or more"),
        (B, "classify penguins by body mass: light below 4000 g, heavy over 4000 g. How many of each?"),
        (B, "classify penguins by body mass: light below 4000 g. How many of each?"),
        (B, "sort penguins into light (under 3500), heavy (3500 or more)"),  # by what?
        (B, "sort penguins by species into light (under 3500), heavy (3500 or more)"),
        (D, "classify days by high: cold below 10, mild 10 to 20, hot 20 and above. How many days in each?"),
        (F, "number of flights by delay: short under 15 minutes, long 1 hour or more"),
        (H, "sort the visits by diagnosis into low (below 100) and high (100 or more)"),
        (T, "sort tracks into short (under 3 minutes) and big (3 dollars or more), how many in each?"),
    ],
)
def test_bands_with_gaps_or_of_other_units_are_declined(domain: Domain, question: str) -> None:
    assert isinstance(read(question, domain), Declined)
