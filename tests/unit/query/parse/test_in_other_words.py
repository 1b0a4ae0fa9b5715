"""What people ask in other words: what is more of two, one out of all, the last time, growth after it."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Domain
from lakebook.query.reading import Declined
from tests.unit.query.parse.more_worlds import BIRDS, DAYS, LINES, music
from tests.unit.query.parse.worlds import HOSPITAL, SHOP, read, said

B, D, H, L, S = BIRDS, DAYS, HOSPITAL, LINES, SHOP
A, E, N = music("Album", "Artist", "Track"), music("Employee"), music("Invoice")
G = music("Track", "Genre", "InvoiceLine", "Invoice")

MEANT: list[tuple[Domain, str, str]] = [
    (S, "top 3 countries", "revenue by country, top 3"),
    (S, "bottom 2 channels", "revenue by channel, bottom 2"),
    (S, "biggest customer in Germany, with the revenue", "revenue by customer_id, country = Germany, top 1"),
    (S, "median order value", "median revenue per order_id"),
    (S, "standard deviation of the order values", "standard deviation of revenue per order_id"),
    (S, "median order value by country", "median revenue per order_id by country"),
    (S, "revenue growth by month, in percent", "growth in percent of revenue by month"),
    (S, "revenue growth by quarter", "growth in percent of revenue by quarter"),
    (S, "sales by country excl germany, top 6", "revenue by country, without Germany, top 6"),
    (S, "revenue per country, five highest first", "revenue by country, top 5"),
    (S, "Did we sell more quantity in Germany or in France?", "total quantity by country, country = Germany or France"),
    (S, "Were there more orders in October or in November 2023?",
     "different order_id by month, (order_date in October 2023 or order_date in November 2023)"),
    (S, "Were there more orders in 2022 or in 2023?",
     "different order_id by year, (order_date in 2022 or order_date in 2023)"),
    (S, "Were there more web orders in Germany or in France?",
     "different order_id by country, channel = web, country = Germany or France"),
    (S, "Do we have more customers in Germany or in France?",
     "different customer_id by country, country = Germany or France"),
    (S, "When did customer 17 order for the last time?", "greatest order_date, customer_id = 17"),
    (S, "When did customer 17 buy for the first time?", "least order_date, customer_id = 17"),
    (S, "When did customer 17 last order?", "greatest order_date, customer_id = 17"),
    (S, "How many active customers in March 2023?", "different customer_id, order_date in March 2023"),
    (S, "Number of active customers per month", "different customer_id by month"),
    (S, "orders dated 24 November 2023", "different order_id, order_date on 24 November 2023"),
    (S, "average quantity in 2022, 2023 and 2024", "average quantity by year, order_date in 2022, 2023 and 2024"),
    (S, "average quantity from 2022 to 2024", "average quantity, order_date from 2022 to 2024"),
    (S, "average quantity in 2022 and 2023 together", "average quantity, order_date in 2022 and 2023"),
    (S, "products sold more than 50 times", "product, rows of orders above 50"),
    (S, "What part of the orders came through the web channel?",
     "different order_id (channel = web) in percent of different order_id"),
    (S, "Sort the countries by their highest quantity", "greatest quantity by country, highest first"),
    (L, "sales in the uk", "revenue, Country = United Kingdom"),
    (L, "revenue outside uk", "revenue, Country ≠ United Kingdom"),
    (L, "invoices dated 24 November 2011", "different InvoiceNo, InvoiceDate on 24 November 2011"),
    (L, "lines dated 24 November 2011", "rows of orders, InvoiceDate on 24 November 2011"),
    (L, "median invoice value in Germany", "median revenue per InvoiceNo, Country = Germany"),
    (G, "Genres that sold more than 100 tracks", "Genre, total Quantity above 100"),
    (G, "Which genre has the fewest tracks?", "Genre, by rows of Track, lowest first, bottom 1"),
    (G, "genres with fewer than 20 tracks", "Genre, rows of Track below 20"),
    (G, "How much was spent on Rock?", "revenue, Genre = Rock"),
    (G, "Which track was sold the most often?", "Track, by total Quantity, highest first, top 1"),
    (A, "albums with more than 20 tracks", "Album, rows of Track above 20"),
    (A, "albums with fewer than 3 tracks", "Album, rows of Track below 3"),
    (A, "Which artist has the most albums?", "Artist, by rows of Album, highest first, top 1"),
    (A, "Tracks longer than an hour", "Track, Milliseconds > 3600000"),
    (A, "Tracks longer than half an hour", "Track, Milliseconds > 1800000"),
    (A, "Tracks longer than an hour and a half", "Track, Milliseconds > 5400000"),
    (A, "Tracks longer than an hour and sorted by name", "Track, Milliseconds > 3600000, by Name, lowest first"),
    (N, "invoices for less than a dollar", "InvoiceId of Invoice, Total < 1"),
    (N, "Invoices over a dollar in Germany", "InvoiceId of Invoice, Total > 1, BillingCountry = Germany"),
    (N, "average invoice in 2022 and 2023", "average Total by year, InvoiceDate in 2022 and 2023"),
    (N, "median invoice total per country", "median Total by BillingCountry"),
    (N, "How many invoices were there on 8 December 2023?", "rows of Invoice, InvoiceDate on 8 December 2023"),
    (B, "What was the mean body mass in 2007, 2008 and 2009?", "average body_mass_g by year, year ≥ 2007, year < 2010"),
    (B, "What was the mean body mass from 2007 to 2009?", "average body_mass_g, year ≥ 2007, year < 2010"),
    (B, "Average bill depth in 2007 and 2008 by species",
     "average bill_depth_mm by species and year, year ≥ 2007, year < 2009"),
    (B, "How many birds in 2007 and 2008?", "rows of penguins, year ≥ 2007, year < 2009"),
    (B, "Arrange the species by their average body mass", "average body_mass_g by species, highest first"),
    (B, "Rank the islands by average body mass, heaviest first", "average body_mass_g by island, highest first"),
    (B, "heaviest bird of the three years", "greatest body_mass_g by year, top 3"),
    (B, "How many non-Adelie birds were seen on Dream in 2008?",
     "rows of penguins, species ≠ Adelie, island = Dream, year = 2008"),
    (B, "Which islands are home to Adelie penguins?", "different island, species = Adelie"),
    (B, "For how many birds was the sex not determined?", "rows of penguins, sex is missing"),
    (B, "How did the average body mass of Chinstraps change from year to year?",
     "change of average body_mass_g by year, species = Chinstrap"),
    (B, "Are there more Adelie penguins on Dream or on Biscoe?",
     "rows of penguins by island, species = Adelie, island = Dream or Biscoe"),
    (B, "Did we measure more birds in 2008 or in 2009?",
     "rows of penguins (year = 2008) and rows of penguins (year = 2009)"),
    (B, "What's the difference between the average bill length and the average bill depth?",
     "average bill_length_mm less average bill_depth_mm"),
    (B, "the difference between the highest and the lowest body mass", "greatest body_mass_g less least body_mass_g"),
    (D, "hottest day in all four years", "date, by temp_max, highest first, first 1"),
    (D, "Which month is windiest on average, all years pooled?",
     "calendar month, by average wind, highest first, top 1"),
    (D, "Which month is windiest on average, all years together?",
     "calendar month, by average wind, highest first, top 1"),
    (D, "Which quarter was wettest, all years combined?",
     "quarter of the year, by total precipitation, highest first, top 1"),
    (D, "Rank the years by mean maximum temperature, warmest first", "average temp_max by year, highest first"),
    (D, "Rank the months by total precipitation, wettest first", "total precipitation by month, highest first"),
    (D, "What's the difference between the average high and the average low?",
     "average temp_max less average temp_min"),
    (D, "How many days in 2013 reached at least 28 degrees?", "rows of weather, date in 2013, temp_max ≥ 28"),
    (D, "How many days had a low below minus 5?", "rows of weather, temp_min < -5"),
    (D, "days with a low under minus 5 degrees", "date, temp_min < -5"),
    (D, "When did it last snow?", "greatest date, weather = snow"),
    (D, "When did it first snow?", "least date, weather = snow"),
    (D, "Were there more sunny days in 2012 or in 2013?",
     "rows of weather by year, weather = sun, (date in 2012 or date in 2013)"),
    (D, "Were there more foggy days in January or in February 2013?",
     "rows of weather by month, weather = fog, (date in January 2013 or date in February 2013)"),
    (D, "average wind in 2012, 2013 and 2014", "average wind by year, date in 2012, 2013 and 2014"),
    (D, "average wind in 2012 and 2013 by weather", "average wind by weather and year, date in 2012 and 2013"),
    (E, "Who has no boss?", "FirstName, LastName of Employee, ReportsTo is missing"),
    (H, "Which ward has the most visits?", "wards, by rows of visits, highest first, top 1"),
    (H, "wards with more than 50 visits", "wards, rows of visits above 50"),
    (S, "products that only Germany ever bought", "different product, only with orders where country = Germany"),
    (S, "products that only Germany bought", "different product, only with orders where country = Germany"),
    (S, "Which products did only Germany order?", "different product, only with orders where country = Germany"),
    (S, "Which products did France order?", "different product, country = France"),
    (L, "stock codes that only Germany bought", "different StockCode, only with orders where Country = Germany"),
    (S, "Revenue on the first of November 2023", "revenue, order_date on first of November 2023"),
    (S, "orders on the third of March 2023", "different order_id, order_date on third of March 2023"),
    (D, "precipitation on new year's eve 2013", "total precipitation, date on new year's eve 2013"),
    (D, "Did it rain on New Year's Eve 2012?", "total precipitation, date on New Year's Eve 2012"),
    (S, "every country we sell to, alphabetically", "different country, by country, lowest first"),
    (S, "How many customers from Germany have bought from us?", "different customer_id, country = Germany"),
    (A, "Which tracks are longer than 10 minutes? Just count them.", "rows of Track, Milliseconds > 600000"),
    (A, "Which albums have more than 20 tracks? Only tell me how many there are.",
     "how many Album, rows of Track above 20"),
    (B, "average flipper length in 2007, 2008 and 2009 by island",
     "average flipper_length_mm by island and year, year ≥ 2007, year < 2010"),
    (B, "highest body mass in 2008 and 2009", "greatest body_mass_g by year, year ≥ 2008, year < 2010"),
    (D, "highest wind in 2012 and 2013", "greatest wind by year, date in 2012 and 2013"),
    (S, "highest quantity in 2022 and 2023", "greatest quantity by year, order_date in 2022 and 2023"),
    (A, "tracks longer than a minute", "Track, Milliseconds > 60000"),
    (A, "tracks between a minute and two minutes long", "Track, Milliseconds ≥ 60000, Milliseconds ≤ 120000"),
    (D, "days with a high of minus 3", "date, temp_max = -3"),
    (H, "visits per ward", "rows of visits by wards"),
    (H, "average cost of visits in 2022 and 2023", "average cost by year of admitted_on, admitted_on in 2022 and 2023"),
    (H, "median visit cost", "median cost"),
    (H, "Were there more visits in 2022 or in 2023?",
     "rows of visits by year of admitted_on, (admitted_on in 2022 or admitted_on in 2023)"),
    (H, "Did we have more visits for asthma or for burn?", "rows of visits by diagnosis, diagnosis = asthma or burn"),
    (H, "When did Ada Brandt visit last?", "greatest admitted_on, full_name = Ada Brandt"),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "question", "meaning"), MEANT)
def test_other_words_mean_the_same(domain: Domain, question: str, meaning: str) -> None:
    """Readings of questions that were declined, or misread, once."""
    assert said(question, domain) == meaning


DECLINED: list[tuple[Domain, str]] = [
    # The least of things that may have none is not among those that have some.
    (S, "best customer?"),
    (S, "the largest order of the 3 countries"),
    (G, "Genres that sold fewer than 10 tracks"),
    (G, "Which genre sold the fewest tracks?"),
    (G, "Which composer sold the fewest tracks?"),
    (G, "Which tracks were never sold? How many are they?"),
    (A, "Which artist has the fewest albums?"),
    (A, "five artists with the fewest albums"),
    (N, "In which years did we bill more than 450 dollars?"),
    (N, "the largest invoice of the 24 countries"),
    (B, "Order the species by their heaviest individual"),
    (D, "What was the coldest night of the four years?"),
    (D, "hottest day of the four years"),
    (H, "Which ward has the fewest visits?"),
    (H, "wards with fewer than 50 visits"),
    (D, "wettest day of the four years"),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "question"), DECLINED)
def test_what_may_be_meant_otherwise_is_no_answer(domain: Domain, question: str) -> None:
    """One out of all, the fewest of those without any, a list and its length: none is guessed."""
    reading = read(question, domain)
    assert isinstance(reading, Declined)
    assert not reading.choices
