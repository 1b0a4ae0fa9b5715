"""Several things said in one breath: two sort keys, two seasons, two kinds, a figure and what it is of, decimals."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from tests.unit.query.parse.more_worlds import BIRDS, DAYS, LINES, music
from tests.unit.query.parse.worlds import HOSPITAL, SHOP, said

B, D, H, L, S = BIRDS, DAYS, HOSPITAL, LINES, SHOP
A, E, N, T = music("Album", "Artist", "Track"), music("Employee"), music("Invoice"), music("Track")
G = music("Track", "Genre", "InvoiceLine", "Invoice")

MEANT: list[tuple[Domain, str, str]] = [
    (D, "Compare the average wind in winter 2014 and summer 2014",
     "average wind (calendar month = 12 or 1 or 2 and date in 2014) and average wind (date in summer 2014)"),
    (D, "Number of rainy days in winter 2015 compared with summer 2015",
     ("rows of weather (calendar month = 12 or 1 or 2 and date in 2015) and rows of weather (date in summer 2015), "
      "weather = rain")),
    (D, "Compare the average wind in winter and summer",
     "average wind (calendar month = 12 or 1 or 2) and average wind (calendar month = 6 or 7 or 8)"),
    (D, "average wind on weekends vs weekdays",
     ("average wind (weekday = Saturday or Sunday) and "
      "average wind (weekday = Monday or Tuesday or Wednesday or Thursday or Friday)")),
    (D, "The lowest temp_min ever recorded and its date",
     "date, temp_min of date, by temp_min, lowest first, first 1"),
    (D, "The highest temp_max and its weather", "greatest temp_max by weather, top 1"),
    (B, "The heaviest body mass and its species", "greatest body_mass_g by species, top 1"),
    (L, "The largest quantity on a line and its invoice", "greatest Quantity by InvoiceNo, top 1"),
    (B, "Count of male and female penguins per island", "rows of penguins by island and sex, sex = male or female"),
    (B, "Average body mass of males and females on each island",
     "average body_mass_g by island and sex, sex = male or female"),
    (B, "Number of Adelie and Gentoo penguins per island",
     "rows of penguins by island and species, species = Adelie or Gentoo"),
    (D, "Count of sunny and rainy days per year", "rows of weather by year and weather, weather = sun or rain"),
    (E, "Employees ordered by title and last name",
     "FirstName, LastName of Employee, by Title, lowest first, by LastName, lowest first"),
    (T, "Tracks over 20 minutes, sorted by composer and name",
     "Track, Milliseconds > 1200000, by Composer, lowest first, by Name, lowest first"),
    (T, "Tracks over 20 minutes, sorted by composer, then by name",
     "Track, Milliseconds > 1200000, by Composer, lowest first, by Name, lowest first"),
    (B, "Penguins on Dream, sorted by species and body mass",
     "every column of penguins, island = Dream, by species, lowest first, by body_mass_g, lowest first"),
    (G, "Which genre sold the fewest tracks?", "Genre, by total Quantity, lowest first, bottom 1"),
    (G, "Which composer sold the most tracks?", "Composer, by total Quantity, highest first, top 1"),
    (G, "the best-selling genre", "Genre, by total Quantity, highest first, top 1"),
    (N, "Running total of invoices by year", "running total of rows of Invoice by year"),
    (D, "Average wind per year, rounded to 1 decimal place, highest first",
     "average wind by year, highest first, rounded to 1 decimals"),
    (D, "average wind to the nearest whole number", "average wind, rounded to whole numbers"),
    (D, "List all days with more than 40 mm of rain, wettest first",
     "date, precipitation > 40, by precipitation, highest first"),
    (D, "The coldest day of every year", "year, date of date, by temp_min, lowest first, first 1 for each year"),
    (A, "how many songs per album do we get on average", "average rows of Track per Album"),
    (G, "top 3 best-selling genres", "total Quantity by Genre, top 3"),
    (D, "Total precipitation per month, only 2013", "total precipitation by month, date in 2013"),
    (B, "How many penguins have no recorded sex?", "rows of penguins, sex is missing"),
    (D, "Number of days of each weather type, sorted by frequency", "rows of weather by weather, highest first"),
]  # fmt: skip

DECLINED: list[tuple[Domain, str]] = [
    (N, "Total invoices per year"),
    (E, "List employees by city and last name"),
    (G, "Which album sold the most genres"),
    (S, "Customers who spent over 100, sorted by country and last name"),
    (D, "average wind rounded"),
    (A, "Longest song of each album, top 10"),
    (B, "penguins on Dream, rounded to 2 decimals"),
]


@pytest.mark.parametrize(("domain", "question", "meant"), MEANT, ids=[each[1] for each in MEANT])
def test_each_has_its_place(domain: Domain, question: str, meant: str) -> None:
    assert said(question, domain) == meant


@pytest.mark.parametrize(("domain", "question"), DECLINED, ids=[each[1] for each in DECLINED])
def test_what_has_no_place_is_declined(domain: Domain, question: str) -> None:
    assert said(question, domain).startswith("declined")
