"""Questions in new words, asked of small tables: their numbers are counted by hand."""

from __future__ import annotations

import math
import statistics
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lakebook.query.children.pool import Children
from lakebook.query.domain import Domain, Relationship
from lakebook.query.read import Way
from lakebook.query.run import ask
from lakebook.query.tables import Table
from tests.unit.query.small_tables import stored

OF_BIRDS: list[tuple[str, list[tuple[object, ...]]]] = [
    ("sort the birds by body mass into light (under 3500 g), heavy (3500 g or more) and count the birds in each class",
     [("light", 2), ("heavy", 5)]),
    ("number of birds by body mass: light under 3.5 kg, medium 3.5 to under 5 kg, heavy 5 kg and above",
     [("light", 2), ("medium", 3), ("heavy", 2)]),
    ("how many birds are heavier than the mean Adelie", [(5,)]),
    ("how many birds are lighter than the mean Gentoo", [(6,)]),
    ("how many birds are heavier than the average bird", [(3,)]),
    ("how many weigh over 5 kg?", [(2,)]),
    ("range of body mass (min, max)", [(3250, 5700)]),
    ("median and maximum body mass by island", [("Biscoe", 4775.0, 5700), ("Dream", 3500.0, 3750)]),
    ("of all the female birds, how many are Gentoo?", [(1,)]),
    ("of the female birds, what percentage are Gentoo", [(25.0,)]),
    ("what fraction of Gentoos weigh over 5 kg?", [(2 / 3,)]),
    ("which bird was the lightest of all? Tell me its species, its sex and its body mass.",
     [("Adelie", "female", 3250)]),
    ("the three lightest of all birds: species and mass", [("Adelie", 3250), ("Adelie", 3400), ("Chinstrap", 3500)]),
    ("species ordered by average body mass, heaviest first",
     [("Gentoo", 15250 / 3), ("Chinstrap", 3500.0), ("Adelie", 10400 / 3)]),
    ("number of birds by species, but only those with more than 2", [("Adelie", 3), ("Gentoo", 3)]),
    ("Dream: number of birds for each species, and sort them from low to high", [("Chinstrap", 1), ("Adelie", 2)]),
    ("which of the three species live on Biscoe", [("Adelie",), ("Gentoo",)]),
    ("average body mass by species, rounded to one decimal, highest first",
     [("Gentoo", 5083.3), ("Chinstrap", 3500.0), ("Adelie", 3466.7)]),
    ("average body mass to the nearest whole number", [(4164.0,)]),
    ("top 2 species by average body mass, rounded to 2 decimals", [("Gentoo", 5083.33), ("Chinstrap", 3500.0)]),
    ("number of male and female birds per island",
     [("Biscoe", "female", 2), ("Biscoe", "male", 1), ("Dream", "female", 2), ("Dream", "male", 1)]),
    ("average body mass of male and female birds", [("female", 3662.5), ("male", 4725.0)]),
    ("difference in average body mass between male and female Adelie", [(425.0,)]),
    ("difference in average body mass between Gentoo and Adelie males", [(1950.0,)]),
    ("birds on Dream, sorted by species and body mass",
     [("Adelie", "Dream", 40.3, 3250, "female", 2008), ("Adelie", "Dream", 39.5, 3750, "male", 2007),
      ("Chinstrap", "Dream", 46.5, 3500, "female", 2007)]),
    ("birds over 4 kg, heaviest first",
     [("Gentoo", "Biscoe", 50.0, 5700, "male", 2009), ("Gentoo", "Biscoe", 48.7, 5050, None, 2009),
      ("Gentoo", "Biscoe", 46.1, 4500, "female", 2007)]),
    ("average bill length of birds that are neither Gentoo nor Chinstrap", [(39.2,)]),
    ("which island has the highest body mass", [("Biscoe",)]),
    ("the heaviest body mass and its species", [("Gentoo", 5700)]),
    ("how many birds have no recorded sex", [(1,)]),
    ("species with an average body mass above 4 kg", [("Gentoo",)]),
    ("islands with a total body mass above 15 kg", [("Biscoe",)]),
    ("species with a maximum body mass of more than 5.5 kg, and how much is it", [("Gentoo", 5700)]),
    ("share of females among all birds", [(400 / 7,)]),
]  # fmt: skip

OF_LINES: list[tuple[str, list[tuple[object, ...]]]] = [
    ("List the invoice numbers of customer 14646 together with what each invoice was worth.",
     [("550001", Decimal("63.75")), ("550002", Decimal("444.78"))]),
    ("on average, how many stock codes does an invoice have", [(12 / 9,)]),
    ("how much does the average customer spend", [(147.034,)]),
    ("number of invoices from 10:00 to 10:59", [(1,)]),
    ("number of invoices at 11 am or later", [(4,)]),
    ("how many invoices contain 85123A", [(3,)]),
    ("number of invoices by country, but only those with more than 1",
     [("Germany", 2), ("Netherlands", 2), ("United Kingdom", 3)]),
    ("countries with over 100 pounds of revenue", [("France",), ("Netherlands",)]),
    ("countries ordered by revenue",
     [("Netherlands", Decimal("508.53")), ("France", Decimal("144.00")), ("United Kingdom", Decimal("89.74")),
      ("Germany", Decimal("74.50")), ("EIRE", Decimal("0.00"))]),
    ("revenue by unit price: cheap under 3, middle 3 to under 10, dear 10 and above",
     [("cheap", Decimal("126.40")), ("middle", Decimal("162.12")), ("dear", Decimal("528.25"))]),
    ("revenue between 4 and 5 January 2011", [(Decimal("126.60"),)]),
    ("when did we first sell anything to Germany", [(datetime(2011, 1, 4, 10),)]),
    ("lines where we know the customer number", [(10,)]),
    ("how many product codes start with 85", [(2,)]),
    ("lines whose description ends with LANTERN", [(2,)]),
    ("average unit price of lines whose description contains ALARM CLOCK", [(3.75,)]),
    ("in which month was revenue the highest", [(date(2011, 4, 1),)]),
    ("which country turns up most often", [("United Kingdom",)]),
    ("minimum, average and maximum unit price in the Netherlands", [(Decimal("3.39"), 9.03, Decimal("12.75"))]),
]  # fmt: skip

HIGH = {date(2012, 1, 1) + timedelta(days=n): 10 + (15340 + n) % 20 for n in range(425)}
FOGGY = [day for n, day in enumerate(HIGH) if (15340 + n) % 3 == 2]
HOT = [day for day, high in HIGH.items() if high > 28]


def rain(year: int, month: int) -> float:
    """The rain of a month."""
    days = [n for n, day in enumerate(HIGH) if (day.year, day.month) == (year, month)]
    return math.fsum((15340 + n) % 7 * 1.1 for n in days)


def mean_high(*months: int) -> float:
    """The mean high of months of 2012."""
    return statistics.mean(high for day, high in HIGH.items() if day.year == 2012 and day.month in months)


OF_DAYS: list[tuple[str, list[tuple[object, ...]]]] = [
    ("first foggy day", [(FOGGY[0],)]),
    ("last foggy day", [(FOGGY[-1],)]),
    ("last foggy day in 2012", [(max(day for day in FOGGY if day.year == 2012),)]),
    ("total foggy days", [(len(FOGGY),)]),
    ("total foggy days in February 2013", [(sum(day >= date(2013, 2, 1) for day in FOGGY),)]),
    ("first day over 28 degrees", [(HOT[0],)]),
    ("heat days - how many days had a high above 28?", [(len(HOT),)]),
    ("total precipitation per month, only January 2013", [(date(2013, 1, 1), rain(2013, 1))]),
    ("which month of 2012 had the lowest precipitation",
     [(date(2012, min(range(1, 13), key=lambda month: rain(2012, month)), 1),)]),
    ("compare the average high in summer 2012 and winter 2012", [(mean_high(6, 7, 8), mean_high(1, 2, 12))]),
    ("number of days between 28 February and 2 March 2012", [(4,)]),  # a leap year
    ("sort days by high into cold (below 15), warm (15 or more), how many in each",
     [("cold", sum(high < 15 for high in HIGH.values())), ("warm", sum(high >= 15 for high in HIGH.values()))]),
]  # fmt: skip

OF_CUSTOMERS: list[tuple[str, list[tuple[object, ...]]]] = [
    ("names of all customers", [("Ada",), ("Bea",), ("Cleo",), ("Dries",)]),
    ("names of the customers in Germany", [("Cleo",)]),
    ("customers with a missing credit limit", [("Cleo",)]),
    ("customers sorted by country, then by name", [("Bea",), ("Cleo",), ("Dries",), ("Ada",)]),
    ("sort the customers by credit limit into low (below 100), high (100 or more), how many in each",
     [("low", 1), ("high", 2)]),
    ("number of customers by credit limit: low (below 100), high (100 or more)",
     [("low", 1), ("high", 2), (None, 1)]),  # who has no limit was not left out
]  # fmt: skip

ASKED = [
    *(("birds", *each) for each in OF_BIRDS),
    *(("orders", *each) for each in OF_LINES),
    *(("days", *each) for each in OF_DAYS),
    *(("customers", *each) for each in OF_CUSTOMERS),
]


def found(question: str, table: Table, children: Children) -> list[tuple[Any, ...]]:
    """The rows of an answer."""
    answer = ask(question, Domain((table,)), Way(children, "a"))
    assert answer.status == "answered", answer.reason
    return [tuple(row.values()) for row in answer.arrow().to_pylist()]


@pytest.mark.parametrize(("name", "question", "rows"), ASKED, ids=[each[1] for each in ASKED])
def test_rows_are_those_counted_by_hand(
    name: str, question: str, rows: list[tuple[object, ...]], shop: dict[str, Table], children: Children
) -> None:
    given = found(question, shop[name], children)
    assert len(given) == len(rows)
    assert all(map(_same, given, rows)), given


def _same(given: tuple[Any, ...], row: tuple[object, ...]) -> bool:
    pairs = zip(given, row, strict=True)
    return all(one == pytest.approx(other) if isinstance(other, float) else one == other for one, other in pairs)


def test_a_correlation(shop: dict[str, Table], children: Children) -> None:
    bills, masses = [39.5, 37.8, 40.3, 46.1, 50.0, 48.7, 46.5], [3750, 3400, 3250, 4500, 5700, 5050, 3500]
    ((given,),) = found("is bill length related to body mass?", shop["birds"], children)
    assert given == pytest.approx(statistics.correlation(bills, masses))


# Who bought what where: only the first of five customers bought both lamps, and only in Germany.

BOUGHT = """SELECT * FROM (VALUES
    (1, 'red lamp',  'Germany', 'web',  1, 5.0, DATE '2022-03-01'),
    (1, 'blue lamp', 'Germany', 'web',  2, 5.0, DATE '2023-03-01'),
    (2, 'red lamp',  'Germany', 'web',  1, 5.0, DATE '2022-04-01'),
    (2, 'red lamp',  'France',  'shop', 1, 5.0, DATE '2022-05-01'),
    (3, 'red lamp',  'France',  'shop', 3, 5.0, DATE '2022-06-01'),
    (3, 'oak table', 'France',  'shop', 1, 9.0, DATE '2022-06-02'),
    (4, 'oak table', 'Spain',   'shop', 1, 9.0, DATE '2023-01-10'),
    (5, 'oak table', 'Spain',   'shop', 1, 9.0, DATE '2023-01-15')
) AS line(customer_id, product, country, channel, quantity, unit_price, order_date)
"""

OF_BUYERS: list[tuple[str, list[tuple[object, ...]]]] = [
    ("customers who ordered in Germany", [(1,), (2,)]),
    ("customers who ordered in Germany and in no other country", [(1,)]),
    ("customers who bought both a red lamp and a blue lamp", [(1,)]),
    ("customers who bought a red lamp or a blue lamp", [(1,), (2,), (3,)]),
    ("customers who ordered both in 2022 and 2023", [(1,)]),
    ("countries where nothing was ever bought by web", [("France",), ("Spain",)]),
    ("products sold in France and nowhere else", []),
    ("products sold in Germany and nowhere else", [("blue lamp",)]),
    ("revenue between 10 and 14 January 2023", [(9.0,)]),
    ("date of each customer's latest purchase",
     [(1, date(2023, 3, 1)), (2, date(2022, 5, 1)), (3, date(2022, 6, 2)), (4, date(2023, 1, 10)),
      (5, date(2023, 1, 15))]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "rows"), OF_BUYERS, ids=[each[0] for each in OF_BUYERS])
def test_who_bought_where(question: str, rows: list[tuple[object, ...]], tmp_path: Path, children: Children) -> None:
    assert sorted(found(question, stored(tmp_path, "orders", BOUGHT), children)) == rows


# What things belong to is shown beside them; "Live" has no artist and is not lost.

ARTISTS = "SELECT * FROM (VALUES (1, 'Ada'), (2, 'Bea')) AS artist(ArtistId, Name)"
ALBUMS = """SELECT * FROM (VALUES
    (10, 'Dawn', 1), (11, 'Dusk', 1), (12, 'Noon', 2), (13, 'Live', NULL)
) AS album(AlbumId, Title, ArtistId)"""
TRACKS = """SELECT * FROM (VALUES
    (100, 'a', 10, 61000), (101, 'b', 10, 62000), (102, 'c', 11, 63000), (103, 'd', 12, 64000), (104, 'e', 12, 65000),
    (105, 'f', 12, 66000), (106, 'g', 13, 67000), (107, 'h', 13, 68000)
) AS track(TrackId, Name, AlbumId, Milliseconds)"""

OF_ALBUMS: list[tuple[str, list[tuple[object, ...]]]] = [
    ("top 2 albums by number of tracks, with artist", [("Noon", "Bea", 3), ("Dawn", "Ada", 2)]),
    ("albums with more than 2 tracks, with the name of the artist", [("Noon", "Bea")]),
    ("albums with at least 2 tracks, including the artist", [("Dawn", "Ada"), ("Live", None), ("Noon", "Bea")]),
    ("albums by Ada, with the number of tracks, highest first", [("Dawn", 2), ("Dusk", 1)]),
    ("how many songs per album do we have on average", [(2.0,)]),
    ("albums with a total length of more than 2 minutes", [("Dawn",), ("Live",), ("Noon",)]),
    ("albums with an average track length above 66 seconds", [("Live",)]),
    ("tracks of Ada, longest first", [("c",), ("b",), ("a",)]),
    ("share of tracks by Bea among all tracks", [(37.5,)]),
    ("tracks over 1 minute, showing name and album", [
        ("a", "Dawn"), ("b", "Dawn"), ("c", "Dusk"), ("d", "Noon"), ("e", "Noon"), ("f", "Noon"), ("g", "Live"),
        ("h", "Live"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "rows"), OF_ALBUMS, ids=[each[0] for each in OF_ALBUMS])
def test_what_things_belong_to(
    question: str, rows: list[tuple[object, ...]], tmp_path: Path, children: Children
) -> None:
    artists, albums, tracks = (
        stored(tmp_path, name, sql) for name, sql in (("Artist", ARTISTS), ("Album", ALBUMS), ("Track", TRACKS))
    )
    links = (
        Relationship(albums, ("ArtistId",), artists, ("ArtistId",)),
        Relationship(tracks, ("AlbumId",), albums, ("AlbumId",)),
    )
    answer = ask(question, Domain((artists, albums, tracks), links), Way(children, "a"))
    assert answer.status == "answered", answer.reason
    assert [tuple(row.values()) for row in answer.arrow().to_pylist()] == rows
