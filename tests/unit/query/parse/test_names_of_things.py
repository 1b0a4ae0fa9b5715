"""Names of things, days that are counted, letters of texts, labels before what they mean, whose name it is."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from lakebook.query.reading import Declined
from tests.unit.query.parse.more_worlds import BIRDS, DAYS, LINES, music
from tests.unit.query.parse.worlds import HOSPITAL, SHOP, read, said

B, D, H, S, L = BIRDS, DAYS, HOSPITAL, SHOP, LINES
TRACKS, BANDS = music("Track"), music("Track", "Album", "Artist")

NAMES: list[tuple[Domain, str, str]] = [
    (H, "the names of all patients", "full_name of patients"),
    (H, "names of the patients in Turin", "full_name of patients, city = Turin"),
    (H, "name of the oldest patient", "full_name of patients, by birth_date, lowest first, first 1"),
    (H, "names of all wards", "ward_name of wards"),
    (H, "which of the three wards have more than 20 beds", "ward_name of wards, beds > 20"),
    (B, "which of the three islands have Adelies", "different island, species = Adelie"),
    (music("Customer"), "the names of all customers", "FirstName, LastName of Customer"),
    (music("Employee"), "names of all staff", "FirstName, LastName of Employee"),
    (music("Artist", "Album"), "name of each artist with ten albums", "Artist, rows of Album = 10"),
]  # fmt: skip

COUNTED_DAYS: list[tuple[Domain, str, str]] = [
    (D, "total snow days", "rows of weather, weather = snow"),
    (D, "total snow nights", "rows of weather, weather = snow"),
    (D, "total foggy days in 2013", "rows of weather, weather = fog, date in 2013"),
    (D, "total rain", "total precipitation"),  # rain has an amount
    (D, "total precipitation on rainy days", "total precipitation, weather = rain"),
]  # fmt: skip

LETTERS: list[tuple[Domain, str, str]] = [
    (L, "average unit price of lines whose description contains LUNCH BAG",
     'average UnitPrice, Description contains "LUNCH BAG"'),
    (L, "average unit price of all lines with LUNCH BAG in the description",
     'average UnitPrice, Description contains "LUNCH BAG"'),
    (L, "number of lines whose description starts with LUNCH BAG",
     'rows of orders, Description starts with "LUNCH BAG"'),
    (L, "number of lines whose description ends with CLOCK", 'rows of orders, Description ends with "CLOCK"'),
    (L, "number of lines with BAG in the description", 'rows of orders, Description contains "BAG"'),
    (L, "which different product codes begin with gift_ ?", 'different StockCode, StockCode starts with "gift_"'),
    (L, "how many product codes start with 85", 'different StockCode, StockCode starts with "85"'),
    (L, "customers whose country starts with S", 'different CustomerID, Country starts with "S"'),
    (L, "how many invoice numbers start with C", 'different InvoiceNo, InvoiceNo starts with "C"'),
    (TRACKS, "how many tracks have a name that starts with Love", 'rows of Track, Track starts with "Love"'),
    (TRACKS, "tracks whose name contains LOVE SONG", 'Track, Track contains "LOVE SONG"'),
    (music("Artist"), "artists with the word orchestra in the name", 'Artist, Artist contains "orchestra"'),
]  # fmt: skip

KNOWN: list[tuple[Domain, str, str]] = [
    (L, "lines where we know the customer number", "rows of orders, CustomerID is known"),
    (L, "how many lines are without a customer number", "rows of orders, CustomerID is missing"),
    (L, "how many lines where the country is known", "rows of orders, Country is known"),
    (S, "lines where we know the price", "rows of orders, unit_price is known"),
    (S, "customers where we know the channel", "different customer_id, channel is known"),
    (S, "how many orders are without a channel? how many are there?", "different order_id, channel is missing"),
]  # fmt: skip

LABELS: list[tuple[Domain, str, str]] = [
    (D, "frost days - how many days had a minimum below zero?", "rows of weather, temp_min < 0"),
    (D, "frost days: how many days had a minimum below zero in 2013?", "rows of weather, temp_min < 0, date in 2013"),
    (D, "ice days - how many days had a high below 0?", "rows of weather, temp_max < 0"),
    (D, "Ice days, when even the high stayed below zero: on which dates did that happen?", "date, temp_max < 0"),
    (S, "bulk orders: how many orders have a quantity over 20", "different order_id, quantity > 20"),
]  # fmt: skip

WHOSE: list[tuple[Domain, str, str]] = [
    (BANDS, "How many Iron Maiden tracks do you have?", "rows of Track, Artist = Iron Maiden"),
    (music("Track", "Album"), "how many Iron Maiden tracks are there", "rows of Track, Album = Iron Maiden"),
    (BANDS, "tracks of the album Iron Maiden", "Track, Album = Iron Maiden"),
    (BANDS, "tracks on Back In Black", "Track, Album = Back In Black"),
    (BANDS, "how many tracks are by Metallica", "rows of Track, Artist = Metallica"),
    (music("Employee", "Customer", "Invoice"), "number of invoices per employee in 2024",  # not those hired in 2024
     "rows of Invoice by Employee, InvoiceDate in 2024"),
    (music("Employee", "Customer", "Invoice"),
     "Which sales agents' customers spent more in 2024 than they did in 2023?",
     "Employee, sum of Total (InvoiceDate in 2024) above sum of Total (InvoiceDate in 2023)"),
    (music("Employee"), "how many employees were hired in 2003", "rows of Employee, HireDate in 2003"),
    (H, "visits by patient in 2023", "rows of visits by patients, admitted_on in 2023"),
    (H, "how many patients were born in 1980", "rows of patients, birth_date in 1980"),
]  # fmt: skip

EVERY = [*NAMES, *COUNTED_DAYS, *LETTERS, *KNOWN, *LABELS, *WHOSE]


@pytest.mark.parametrize(("domain", "question", "meant"), EVERY, ids=[each[1] for each in EVERY])
def test_what_is_named(domain: Domain, question: str, meant: str) -> None:
    assert said(question, domain) == meant


@pytest.mark.parametrize(
    ("domain", "question"),
    [
        (L, "number of lines whose description contains LUNCH bag"),  # where does the text end?
        (L, "how many product codes end with a letter"),
        (D, "frost days - how many days had snow?"),  # no limit defines the label
        (D, "quick days: how many days"),
        (S, "bulk orders: how many orders"),
        (S, "quick orders"),
    ],
)
def test_a_name_that_nothing_explains_is_declined(domain: Domain, question: str) -> None:
    assert isinstance(read(question, domain), Declined)
