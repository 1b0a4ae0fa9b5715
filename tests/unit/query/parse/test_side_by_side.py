"""Several things said in one breath: two sort keys, two seasons, two kinds, a figure and what it is of, decimals."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from lakebook.query.reading import Declined, Reading
from lakebook.query.terms import Field, Thing
from tests.unit.query.parse.more_worlds import BIRDS, DAYS, LINES, music
from tests.unit.query.parse.worlds import HOSPITAL, SHOP, read, said

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
    (G, "Which genre sold the most tracks?", "Genre, by total Quantity, highest first, top 1"),
    (G, "Which composer sold the most tracks?", "Composer, by total Quantity, highest first, top 1"),
    (G, "the best-selling genre", "Genre, by total Quantity, highest first, top 1"),
    (N, "Running total of invoices by year", "running total of rows of Invoice by year"),
    (D, "Average wind per year, rounded to 1 decimal place, highest first",
     "average wind by year, highest first, rounded to 1 decimal"),
    (B, "Difference in average body mass between male and female Gentoo",
     ("average body_mass_g (sex = male and species = Gentoo) less "
      "average body_mass_g (sex = female and species = Gentoo)")),
    (B, "How much heavier are male than female Gentoo on average?",
     ("average body_mass_g (sex = male and species = Gentoo) less "
      "average body_mass_g (sex = female and species = Gentoo)")),
    (B, "Difference in average body mass between Adelie males and Gentoo females",
     ("average body_mass_g (species = Adelie and sex = male) less "
      "average body_mass_g (species = Gentoo and sex = female)")),
    (S, "Difference in number of orders between Monday and Friday in Germany",
     ("different order_id (weekday = Monday and country = Germany) less "
      "different order_id (weekday = Friday and country = Germany)")),
    (N, "Which month of 2025 had the lowest total?",
     "month, InvoiceDate in 2025, by sum of Total, lowest first, bottom 1"),
    (N, "Which country had the highest total in 2023?",
     "BillingCountry, InvoiceDate in 2023, by sum of Total, highest first, top 1"),
    (D, "Which month of 2013 had the lowest precipitation?",
     "month, date in 2013, by total precipitation, lowest first, bottom 1"),
    (B, "Difference in average flipper length between female and male Adelie",
     ("average flipper_length_mm (sex = female and species = Adelie) less "
      "average flipper_length_mm (sex = male and species = Adelie)")),
    (B, "Difference in median body mass between 2007 and 2009 Adelie penguins",
     ("median body_mass_g (year = 2007 and species = Adelie) less "
      "median body_mass_g (year = 2009 and species = Adelie)")),
    (N, "The three months with the highest total in 2024", "sum of Total by month, InvoiceDate in 2024, top 3"),
    (N, "Which quarter had the lowest total in 2022?",
     "quarter, InvoiceDate in 2022, by sum of Total, lowest first, bottom 1"),
    (B, "Which island has the highest body mass?", "island, by greatest body_mass_g, highest first, top 1"),
    (E, "Employees sorted by hire date and last name",
     "FirstName, LastName of Employee, by HireDate, lowest first, by LastName, lowest first"),
    (B, "Penguins with a flipper longer than 225 mm, longest first",
     "every column of penguins, flipper_length_mm > 225, by flipper_length_mm, highest first"),
    (B, "Average bill depth of penguins that are neither Gentoo nor Chinstrap",
     "average bill_depth_mm, species ≠ Gentoo or Chinstrap"),
    (T, "tracks over 20 minutes, showing name and composer",
     "Track, Composer of Track, Milliseconds > 1200000"),
    (S, "List customers sorted by revenue", "revenue by customer_id, highest first"),
    (S, "revenue between 2023 and 2024", "revenue, order_date between 2023 and 2024"),
    (S, "total revenue for 2023 and 2024", "revenue, order_date in 2023 and 2024"),
    (B, "Species with an average body mass above 4 kg", "species, average body_mass_g above 4000"),
    (B, "Islands with a total body mass above 500 kg", "island, total body_mass_g above 500000"),
    (A, "Albums with a total length of more than 70 minutes", "Album, total Milliseconds above 4200000"),
    (D, "Which years had more than 1 metre of precipitation?", "year, total precipitation above 1000"),
    (D, "Months with total precipitation above 20 cm", "month, total precipitation above 200"),
    (B, "Difference in mean bill length between male and female Chinstrap penguins",
     ("average bill_length_mm (sex = male and species = Chinstrap) less "
      "average bill_length_mm (sex = female and species = Chinstrap)")),
    (B, "Islands where the average body mass is over 4 kg", "island, average body_mass_g above 4000"),
    (B, "Species with a maximum body mass of more than 6 kg", "species, greatest body_mass_g above 6000"),
    (A, "Albums with an average track length under 3 minutes", "Album, average Milliseconds below 180000"),
    (D, "Months with over 200 mm of rain", "month, total precipitation above 200"),
    (D, "Which year had the highest precipitation?", "year, by total precipitation, highest first, top 1"),
    (D, "Which day had the highest precipitation?", "date, by precipitation, highest first, first 1"),
    (B, "Penguins over 5500 g in 2009, heaviest first",
     "every column of penguins, body_mass_g > 5500, year = 2009, by body_mass_g, highest first"),
    (B, "Which penguins weigh more than 6000 grams?", "every column of penguins, body_mass_g > 6000"),
    (B, "Penguins with a missing body mass", "every column of penguins, body_mass_g is missing"),
    (G, "Top 5 best-selling genres", "total Quantity by Genre, top 5"),
    (G, "The ten best selling tracks by revenue", "revenue by Track, top 10"),
    (S, "Which country had the highest total revenue", "country, by revenue, highest first, top 1"),
    (S, "Sales in Germany and France by month, only 2023",
     "revenue by month, country = Germany or France, order_date in 2023"),
    (D, "How many foggy days in winter 2014",
     "rows of weather, weather = fog, calendar month = 12 or 1 or 2, date in 2014"),
    (D, "Average wind on weekends compared with weekdays",
     ("average wind (weekday = Saturday or Sunday) and "
      "average wind (weekday = Monday or Tuesday or Wednesday or Thursday or Friday)")),
    (N, "Number of invoices per country, sorted by frequency", "rows of Invoice by BillingCountry, highest first"),
    (L, "Stock codes with an average unit price below 20 pence", "StockCode, average UnitPrice below 0.2"),
    (L, "Stock codes with a total quantity above 50", "StockCode, total Quantity above 50"),
    (L, "lines with a unit price below 20 pence", "rows of orders, UnitPrice < 0.2"),
    (A, "Tracks of the album with a price above 99 cents", "Track, UnitPrice > 0.99"),
    (N, "Invoices with a total above 1250 cents", "InvoiceId of Invoice, Total > 12.5"),
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
    (S, "Revenue per customer by country"),
    (S, "What was the revenue per customer in Germany?"),
    (S, "Customers who spent more than 45, sorted by amount"),
    (D, "Which month is the wettest on average?"),
    (D, "How many days did not have rain, fog or sun?"),
    (B, "Average body mass per species in kg, only species above 4 kg"),
    (A, 'Which artists have an album that starts with "The"?'),
    (L, "Number of lines per month, and the units"),
    (L, "List the ten largest invoices by value together with the customer"),
    (D, "Days with a high above 25 and some precipitation, sorted by date"),
    (D, "How much did yearly precipitation change from 2013 to 2014?"),
    (B, "Species with a body mass above 4 kg on average"),
    (S, "orders in Germany in 2023, only those above 100"),
    (L, "Which products have a description that ends with LANTERN"),
    (N, "Total invoices per month"),
    (D, "Which quarter is the driest on average?"),
    (S, "What is the revenue per order in Germany?"),
    (L, "How much did monthly units change from January 2011 to March 2011?"),
    (L, "List the stock codes in alphabetical order"),
    (L, "Average unit price per product above 4 kg"),
    (L, "Top 10 products by units, with description"),
    (S, "Difference in revenue between October and November 2024 in France"),
    (A, "Longest song of each album, top 10"),
    (B, "penguins on Dream, rounded to 2 decimals"),
]


@pytest.mark.parametrize(("domain", "question", "meant"), MEANT, ids=[each[1] for each in MEANT])
def test_each_has_its_place(domain: Domain, question: str, meant: str) -> None:
    assert said(question, domain) == meant


@pytest.mark.parametrize(("domain", "question"), DECLINED, ids=[each[1] for each in DECLINED])
def test_what_has_no_place_is_declined(domain: Domain, question: str) -> None:
    assert said(question, domain).startswith("declined")


SEVERAL: list[tuple[Domain, str, tuple[str, ...]]] = [
    (S, "revenue in France and Germany",
     ("revenue, country = France or Germany", "revenue by country, country = France or Germany")),
    (H, "diagnosis with the highest cost",
     ("diagnosis, by greatest cost, highest first, top 1", "diagnosis, by total cost, highest first, top 1")),
    (S, "Revenue for 2023 and 2024",
     ("revenue, order_date in 2023 and 2024", "revenue by year, order_date in 2023 and 2024")),
    (D, "how many days had rain", ("rows of weather, precipitation > 0", "rows of weather, weather = rain")),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "question", "choices"), SEVERAL, ids=[each[1] for each in SEVERAL])
def test_what_may_be_meant_in_two_ways_is_asked(domain: Domain, question: str, choices: tuple[str, ...]) -> None:
    found = read(question, domain)
    assert isinstance(found, Declined)
    assert set(found.choices) == set(choices)


@pytest.mark.parametrize(
    "question",
    [
        "Albums with more than 25 tracks, with the name of the artist",
        "Albums with more than 25 tracks, including the artist",
        "Top 5 albums by number of tracks, with artist",
        "Top 5 albums by number of tracks and their artist",
    ],
)
def test_what_a_thing_belongs_to_is_shown_beside_it(question: str) -> None:
    found = read(question, A)
    assert isinstance(found, Reading)
    things = [each for each in found.groups if isinstance(each, Thing)]
    labels = [label.table.name for each in things for label in each.labels if isinstance(label, Field)]
    assert labels == ["Album", "Artist"]
    assert "Album (with Artist)" in said(question, A)
