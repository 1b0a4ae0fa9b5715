"""Nothing that is asked is passed over: names after a count, orders in time, columns beside, one of each."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from lakebook.query.reading import Aggregate, Declined, Reading
from tests.unit.query.parse.more_worlds import BIRDS, DAYS, LINES, music
from tests.unit.query.parse.worlds import FLIGHTS, HOSPITAL, SHOP, read, said

B, D, F, H, S, L = BIRDS, DAYS, FLIGHTS, HOSPITAL, SHOP, LINES
N, T, E = music("Invoice"), music("Track"), music("Employee")
A, G = music("Album", "Artist", "Track"), music("Track", "Genre", "InvoiceLine", "Invoice")

MEANT: list[tuple[Domain, str, str]] = [
    (S, "How many countries are there? List them.", "different country"),
    (S, "How many countries are there, and which ones?", "different country"),
    (S, "how many customers are from Germany, and who are they?", "different customer_id, country = Germany"),
    (S, "which countries have more than 5 customers? Name them.", "country, different customer_id above 5"),
    (B, "How many species are there, and which are they?", "different species"),
    (B, "How many islands are there? Name them.", "different island"),
    (D, "How many kinds of weather are there? List them", "different weather"),
    (S, "for each country the date of the first order, earliest first", "least order_date by country, lowest first"),
    (S, "date of the last order per country, most recent first", "greatest order_date by country, highest first"),
    (N, "invoices over 10 dollars, latest first", "InvoiceId of Invoice, Total > 10, by InvoiceDate, highest first"),
    (E, "employees with title and hire date, newest first",
     "FirstName, LastName, Employee Title, HireDate of Employee, by HireDate, highest first"),
    (T, "top 5 tracks by length, with composer",
     "Track, Composer, Milliseconds of Track, by Milliseconds, highest first, first 5"),
    (T, "Top 10 longest tracks with their length in minutes",
     "Track, Milliseconds in mins of Track, by Milliseconds, highest first, first 10"),
    (T, "longest track, name and composer", "Track, Composer of Track, by Milliseconds, highest first, first 1"),
    (B, "heaviest 3 penguins with flipper length",
     "flipper_length_mm, body_mass_g of penguins, by body_mass_g, highest first, first 3"),
    (B, "top 3 heaviest penguins of each species",
     "every column of penguins, by body_mass_g, highest first, first 3 for each species"),
    (B, "heaviest penguin on each island",
     ("island, species, bill_length_mm, bill_depth_mm, flipper_length_mm, body_mass_g, sex, year of penguins, "
      "by body_mass_g, highest first, first 1 for each island")),
    (B, "Lightest female of each species: species and weight",
     "species, body_mass_g of penguins, sex = female, by body_mass_g, lowest first, first 1 for each species"),
    (D, "For each year the hottest day and its temperature",
     "year, date, temp_max of date, by temp_max, highest first, first 1 for each year"),
    (D, "for every month of 2015 the wettest day",
     "month, date of date, date in 2015, by precipitation, highest first, first 1 for each month"),
    (D, "hottest day of each year", "year, date of date, by temp_max, highest first, first 1 for each year"),
    (D, "coldest night on record", "date, by temp_min, lowest first, first 1"),
    (D, "average wind on rainy days vs sunny days", "average wind by weather, weather = rain or sun"),
    (S, "Per month, which country had the highest revenue?",
     "month and country, by revenue, highest first, top 1 for each month"),
    (S, "For each month, the country with the highest revenue",
     "month and country, by revenue, highest first, top 1 for each month"),
    (L, "Which customer has placed the most orders? The number too, please.", "rows of orders by CustomerID, top 1"),
    (L, "lines with a negative price", "rows of orders, UnitPrice < 0"),
    (L, "How many invoices start with C?", 'different InvoiceNo, InvoiceNo starts with "C"'),
    (L, "How many stock codes start with 8?", 'different StockCode, StockCode starts with "8"'),
    (L, "Customers with just one purchase, how many?", "how many CustomerID, rows of orders = 1"),
    (L, "How many customers bought exactly once?", "how many CustomerID, rows of orders = 1"),
    (L, "which customers bought more than 100 times", "CustomerID, rows of orders above 100"),
    (L, "share of revenue from France, as a percentage", "revenue (Country = France) in percent of revenue"),
    (L, "share of sales per country in percent, top 5", "share of revenue in percent by Country, top 5"),
    (L, "Which month had the fewest orders in 2011",
     "month, InvoiceDate in 2011, by rows of orders, lowest first, bottom 1"),
    (N, "Which countries had an invoice above 20 dollars?", "different BillingCountry, Total > 20"),
    (N, "countries with a single invoice above 20 dollars", "different BillingCountry, Total > 20"),
    (N, "number of invoices per year above 10 dollars", "rows of Invoice by year, Total > 10"),
    (N, "For each year, the number of invoices over 10 dollars", "rows of Invoice by year, Total > 10"),
    (N, "How many invoices in 2021, 2022 and 2023?", "rows of Invoice, InvoiceDate in 2021, 2022 and 2023"),
    (N, "5 largest invoices with date", "InvoiceId, InvoiceDate, Total of Invoice, by Total, highest first, first 5"),
    (B, "Species never seen on Dream", "different species, without any penguins where island = Dream"),
    (B, "Which species live outside Dream", "different species, island ≠ Dream"),
    (B, "How many penguins were seen in 2007, 2008 and 2009?", "rows of penguins, year ≥ 2007, year < 2010"),
    (B, "average body mass of Adelie and Gentoo penguins together", "average body_mass_g, species = Adelie or Gentoo"),
    (B, "average body mass for males and for females", "average body_mass_g by sex, sex = male or female"),
    (B, "average body mass for Adelie and Gentoo", "average body_mass_g by species, species = Adelie or Gentoo"),
    (B, "average body mass on Dream and on Torgersen", "average body_mass_g by island, island = Dream or Torgersen"),
    (B, "penguins with above average bill length, how many?",
     "rows of penguins, bill_length_mm > the overall average bill_length_mm"),
    (B, "how many Adelies weigh less than three and a half kilos",
     "rows of penguins, species = Adelie, body_mass_g < 3500"),
    (B, "how many of the Adelies weigh less than 3.5 kilos", "rows of penguins, species = Adelie, body_mass_g < 3500"),
    (B, "Change in average body mass from 2007 to 2009",
     "average body_mass_g (year = 2009) less average body_mass_g (year = 2007)"),
    (B, "Sort the islands by average body mass, lowest first", "average body_mass_g by island, lowest first"),
    (B, "rank the species by average flipper length", "average flipper_length_mm by species, highest first"),
    (A, 'Which tracks have "rock" in the title?', 'Track, Track contains "rock"'),
    (A, 'tracks with "rock" in the album title', 'Track, Album contains "rock"'),
    (A, 'albums with "rock" in the title', 'Album, Album contains "rock"'),
    (A, "Artists with the most tracks, top 10, with the count", "rows of Track by Artist, top 10"),
    (A, "longest track of each album", "Album, Track of Track, by Milliseconds, highest first, first 1 for each Album"),
    (G, "For each genre the longest track",
     "Genre, Track of Track, by Milliseconds, highest first, first 1 for each Genre"),
    (G, "genres that made more than 20 dollars", "Genre, revenue above 20"),
    (H, "percentage change of total cost from 2022 to 2023",
     "total cost (admitted_on in 2023) less total cost (admitted_on in 2022), in percent"),
    (B, "average body mass and flipper length by species",
     "average body_mass_g and average flipper_length_mm by species"),
    (B, "median bill length and bill depth by island", "median bill_length_mm and median bill_depth_mm by island"),
    (D, "Average maximum and minimum temperature by year", "average temp_max and average temp_min by year"),
    (D, "Average wind and precipitation per year", "average wind and average precipitation by year"),
    (D, "total precipitation and average wind by year", "total precipitation and average wind by year"),
    (S, "revenue and quantity by country", "revenue and total quantity by country"),
    (S, "revenue in October and November 2023", "revenue, order_date in October and November 2023"),
    (E, "employees whose last name starts with M, in alphabetical order",
     ('FirstName, LastName of Employee, LastName starts with "M", by LastName, lowest first, by FirstName, '
      "lowest first")),
    (E, "all employees in alphabetical order",
     "FirstName, LastName of Employee, by FirstName, lowest first, by LastName, lowest first"),
    (L, "stock codes starting with gift_", 'different StockCode, StockCode starts with "gift_"'),
    (S, "customers with orders in 2022, 2023 and 2024", "different customer_id, order_date in 2022, 2023 and 2024"),
    (B, "Which penguins had the longest bills, top 3, with species",
     "species, bill_length_mm of penguins, by bill_length_mm, highest first, first 3"),
    (B, "share of males by island as a percentage",
     "rows of penguins (sex = male) in percent of rows of penguins by island"),
    (S, "orders by month, top 3", "different order_id by month, top 3"),
    (S, "share of revenue by country in percent, top 2", "share of revenue in percent by country, top 2"),
    (S, "average spend per customer by country", "average revenue per customer_id by country"),
    (B, "good morning, how many penguins are there?", "rows of penguins"),
    (B, "if it is not too much trouble, how many penguins are there?", "rows of penguins"),
    (B, "Might I know how many penguins live on Dream?", "rows of penguins, island = Dream"),
    (B, "We are writing a report. How many penguins live on Dream?", "rows of penguins, island = Dream"),
    (D, "The dog hates it. How many days had snow?", "rows of weather, weather = snow"),
    (B, "how many penguins live on Dream, many thanks", "rows of penguins, island = Dream"),
    (B, "hiya! how many penguins live on Dream?", "rows of penguins, island = Dream"),
    (H, "which wards have no visits", "ward_name of wards, without any visit_id"),
    (H, "which diagnoses had no visits in 2023", "different diagnosis, without any visits where admitted_on in 2023"),
    (H, "diagnoses not seen in 2023", "different diagnosis, without any visits where admitted_on in 2023"),
    (H, "how many patients had no visit in 2023", "rows of patients, without any visit_id where admitted_on in 2023"),
    (H, "patients with a total cost above 5000", "patients, total cost above 5000"),
    (S, "which channels were not used in Germany", "different channel, without any orders where country = Germany"),
    (S, "channels outside Germany", "different channel, country ≠ Germany"),
    (S, "The channel with the most orders and how many", "different order_id by channel, top 1"),
    (S, "which channel brings the most revenue, and how much", "revenue by channel, top 1"),
    (S, "which channel makes the least revenue", "channel, by revenue, lowest first, bottom 1"),
    (G, "which genre sold the most tracks, and how many", "total Quantity by Genre, top 1"),
    (F, "carriers without cancelled flights", "different carrier, without any flights where cancelled"),
    (F, "which carrier had no cancelled flights", "different carrier, without any flights where cancelled"),
    (F, "number of flights per day in March 2023", "rows of flights by day, departed_at in March 2023"),
    (F, "days with more than 5 flights", "day, rows of flights above 5"),
    (F, "flights with a delay above the overall average in 2023",
     "flight_id, delay_minutes > the overall average delay_minutes, departed_at in 2023"),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "question", "meant"), MEANT, ids=[each[1] for each in MEANT])
def test_all_that_is_asked_is_in_the_reading(domain: Domain, question: str, meant: str) -> None:
    assert said(question, domain) == meant


CHOICES: list[tuple[Domain, str]] = [
    (L, "How many customers ordered in both January and February 2011"),
    (N, "Countries with a total above 100 dollars"),
    (N, "customers with a total of less than 37 dollars"),
    (B, "Species not found on Dream"),
    (B, "Islands without Gentoos"),
    (S, "channels with a quantity of more than 1000"),
    (F, "carriers not cancelled in 2023"),
]


@pytest.mark.parametrize(("domain", "question"), CHOICES, ids=[each[1] for each in CHOICES])
def test_of_rows_or_of_things_is_a_choice(domain: Domain, question: str) -> None:
    reading = read(question, domain)
    assert isinstance(reading, Declined)
    assert len(reading.choices) == len(reading.readings) == 2


DECLINED: list[tuple[Domain, str]] = [
    (E, "List employees, oldest first"),
    (D, "What's the warmest January?"),
    (D, "Warmest summer?"),
    (D, "warmest night on record"),
    (D, "Average temperature in 2014"),
    (D, "how many days did the temperature stay below zero all day?"),
    (L, "Top 5 products by revenue: name and revenue please"),
    (L, "top 5 products by units, show the name"),
    (L, "Countries with only one customer: country and the customer number"),
    (L, "Give me all lines with quantity over 5000"),
    (L, "How many customers start with 17?"),
    (L, "Revenue by country for orders above 500 pounds"),
    (L, "How many orders above 100 pounds by country?"),
    (N, "countries not invoiced in 2025"),
    (B, "number of penguins on Dream and on Torgersen"),
    (B, "weight by sex: count, mean, lowest, highest"),
    (B, "How many male and female penguins are there on Dream?"),
    (B, "Penguins with above average bill length in 2008, how many?"),
    (B, "smallest flipper per species and the island"),
    (G, "average price of tracks sold by genre"),
    (S, "revenue in December and November 2023"),
    (L, "products starting with 'SET OF'"),
    (H, "wards with a visit above 5000"),
    (S, "channels with a line of more than 40 units"),
    (S, "most orders by channel and the number"),
    (S, "number of customers in Germany and in France"),
    (S, "number of customers in Germany and France"),
    (S, "lowest quantity per country and the product"),
    (G, "revenue by genre, only genres above 100 dollars"),
    (F, "flights with a delay above average in 2023"),
]


@pytest.mark.parametrize(("domain", "question"), DECLINED, ids=[each[1] for each in DECLINED])
def test_what_would_be_passed_over_is_declined(domain: Domain, question: str) -> None:
    assert isinstance(read(question, domain), Declined)


@pytest.mark.parametrize(
    ("domain", "question"),
    [
        (S, "which products have never been sold in Germany? Just the number please"),
        (S, "which customers never bought a red lamp? just the count"),
        (D, "which days were hotter than 33? Just the number please"),
    ],
)
def test_just_the_number_counts(domain: Domain, question: str) -> None:
    reading = read(question, domain)
    assert isinstance(reading, Reading)
    assert not reading.columns
    (figure,) = reading.figures
    assert isinstance(figure, Aggregate)
    assert figure.kind in ("rows", "distinct")


@pytest.mark.parametrize("listed", ["How many countries are there? List them.", "How many countries, and which ones?"])
def test_names_after_a_count_are_listed(listed: str) -> None:
    reading = read(listed, S)
    assert isinstance(reading, Reading)
    assert not reading.figures
    assert reading.distinct
