"""Words that ask for more than the first look: what is shown beside, of whom it is said, what had none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lakebook.query.domain import Domain
from lakebook.query.parse.names import is_no_code, is_word
from lakebook.query.reading import Declined
from tests.unit.query.parse.more_worlds import BIRDS, DAYS, LINES, music
from tests.unit.query.parse.worlds import read, said

B, D, L = BIRDS, DAYS, LINES
A, E, N = music("Album", "Artist", "Track"), music("Employee"), music("Invoice")
G = music("Track", "Genre", "InvoiceLine", "Invoice")


def full(domain: Domain, *names: str) -> Domain:
    """The domain with no value missing in these columns of its first table."""
    table, *others = domain.tables
    columns = (replace(each, null_count=0) if each.name in names else each for each in table.columns)
    return replace(domain, tables=(replace(table, columns=tuple(columns)), *others))


def coded(domain: Domain) -> Domain:
    """The domain with values of codes that are no words."""
    table, *others = domain.tables
    columns = (replace(each, top_values=("85123A", "22423")) if "Code" in each.name else each for each in table.columns)
    return replace(domain, tables=(replace(table, columns=tuple(columns)), *others))


C, F = coded(LINES), full(LINES, "InvoiceNo")

MEANT: list[tuple[Domain, str, str]] = [
    # Who had none is not whose number is missing, where no number ever is.
    (F, "Which countries had no invoice at all in December 2010?",
     "different Country, without any orders where InvoiceDate in December 2010"),
    (F, "Which countries had no invoice whatsoever in December 2010?",
     "different Country, without any orders where InvoiceDate in December 2010"),
    (F, "Which countries had no orders in December 2010?",
     "different Country, without any orders where InvoiceDate in December 2010"),
    (F, "How many lines have no invoice number?", "rows of orders, InvoiceNo is missing"),
    (F, "Which countries have lines with no customer?", "different Country, CustomerID is missing"),
    (L, "Which orders have no customer number?", "every column of orders, CustomerID is missing"),
    (L, "how many lines have a blank description", "rows of orders, Description is missing"),
    # The figure that is named at the end is the one that is shown.
    (G, "genres with less than 20 songs, show count", "rows of Track by Genre, rows of Track below 20"),
    (L, "top 5 countries by number of customers, with the revenue",
     "revenue by Country, by different CustomerID, highest first, top 5"),
    (L, "top 5 countries by number of lines, with the sales",
     "revenue by Country, by rows of orders, highest first, top 5"),
    (N, "The five billing countries with the highest average total, with that average",
     "average Total by BillingCountry, top 5"),
    (N, "billing countries with the highest average total, top 5, show average",
     "average Total by BillingCountry, top 5"),
    # What is asked beside stands beside what was asked first.
    (D, "Which days had more than 50 mm, and what was the wind?", "date, wind of date, precipitation > 50"),
    (D, "Which days had more than 50 mm? Show the wind.", "date, wind of date, precipitation > 50"),
    # One of such things.
    (L, "What is the median value of an invoice?", "median revenue per InvoiceNo"),
    (L, "standard deviation of the value of an invoice", "standard deviation of revenue per InvoiceNo"),
    (A, "What is the average number of tracks on an album?", "average rows of Track per Album"),
    (A, "average number of tracks of an artist", "average rows of Track per Artist"),
    # The whole stands before the verb, the part after it.
    (D, "What share of all rainy days falls in winter?",
     "rows of weather (calendar month = 12 or 1 or 2) in percent of rows of weather, weather = rain"),
    (L, "What share of German lines came in 2011?",
     "rows of orders (InvoiceDate in 2011) in percent of rows of orders, Country = Germany"),
    (L, "What share of lines came from Germany in 2011?",
     "rows of orders (Country = Germany) in percent of rows of orders, InvoiceDate in 2011"),
    # A number before a thing counts it only where something has so many.
    (A, "albums with 10 tracks", "Album, rows of Track = 10"),
    (A, "Which albums have exactly one track?", "Album, rows of Track = 1"),
    # Those above.
    (E, "List the managers", "different boss FirstName, boss LastName, ReportsTo is known"),
    (E, "Name the bosses", "different boss FirstName, boss LastName, ReportsTo is known"),
    # From the highest to the lowest, whichever is said first.
    (L, "difference between the lowest and the highest unit price", "greatest UnitPrice less least UnitPrice"),
    (D, "difference between the highest and the lowest wind", "greatest wind less least wind"),
    # By the figure that is named, where there are several.
    (L, "Number of invoices and revenue by country, biggest revenue first",
     "different InvoiceNo and revenue by Country, by revenue, highest first"),
    (L, "Number of lines and revenue by country, lowest revenue first",
     "rows of orders and revenue by Country, by revenue, lowest first"),
    (L, "Number of lines and revenue by country, highest first",
     "rows of orders and revenue by Country, highest first"),
    (L, "number of lines and total quantity by country, biggest quantity first",
     "rows of orders and total Quantity by Country, by total Quantity, highest first"),
    (N, "number of invoices and total by billing country, biggest total first",
     "rows of Invoice and sum of Total by BillingCountry, by sum of Total, highest first"),
    (L, "total quantity by country, biggest quantity first", "total Quantity by Country, highest first"),
    (L, "Which day had the highest sales in 2011 and what were they?",
     "revenue by day, InvoiceDate in 2011, top 1"),
    # Words begin names, and codes only where a code is named.
    (C, "Which descriptions start with the word RED?", 'different Description, Description starts with "RED"'),
    (C, "Which stock codes start with 85?", 'different StockCode, StockCode starts with "85"'),
    (C, "Which stock codes start with the letters DCGS?", 'different StockCode, StockCode starts with "DCGS"'),
    (A, "How many tracks do our albums contain altogether?", "rows of Track"),
    (L, "How many different stock codes did we sell in 2011?", "different StockCode, InvoiceDate in 2011"),
    # Other words.
    (L, "Revenue for each country and each year, two-way split.", "revenue by Country and year"),
    (L, "How many lines are there in the order file altogether?", "rows of orders"),
    (N, "On which weekday do we issue the most invoices?", "weekday, by rows of Invoice, highest first, top 1"),
    (N, "Total by billing country, top to bottom", "sum of Total by BillingCountry, highest first"),
    (L, "In how many different countries do our customers sit?", "different Country"),
    (L, "How many invoices have gone to customer 14911?", "different InvoiceNo, CustomerID = 14911"),
    (N, "How many invoices did we send out in each quarter of 2023?",
     "rows of Invoice by quarter, InvoiceDate in 2023"),
    (N, "How many invoices were made out in 2023?", "rows of Invoice, InvoiceDate in 2023"),
    (L, "HOW MANY LINES ARE IN GERMANY", "rows of orders, Country = Germany"),
]  # fmt: skip

NOT_MEANT: list[tuple[Domain, str]] = [
    (F, "How many days had no orders in 2011?"),
    (F, "How many days had no orders at all in 2011?"),
    (L, "What's the largest quantity on any single line? Give the invoice number too."),
    (L, "What's the largest quantity on any single line? Give the invoice number and the product too."),
    (G, "top 5 genres by number of tracks, with the average"),
    (G, "top 5 genres by number of tracks, show averages"),
    (L, "What share of all lines was in 2011 from Germany?"),
    (L, "On how many different days did customer 17841 order?"),
    (L, "How many lines have a unit price of zero, and how many of them have a customer?"),
    (L, "What's the cheapest unit price above zero?"),
    (D, "Was 2013 drier than 2014? Show total rain for both."),
    (D, "Was 2013 wetter than 2014?"),
    (D, "Was 2013 warmer than 2014? Show both highs."),
    (E, "How many people work in each city, and how many of them are in IT?"),
    (E, "How many people are in IT?"),
    (E, "Which managers live in Calgary?"),
    (E, "Name the managers, with their phone numbers."),
    (E, "Give the bosses with their last name"),
    (L, "difference between the first and the last invoice date"),
    (B, "average body mass and average flipper length by species, longest first"),
    (B, "How many penguins have the lowest body mass?"),
    (D, "How many days had the highest wind?"),
    (A, "Albums that contain live"),
    (A, "How many tracks contain live?"),
    (A, "Album titles that contain the name live, with the artist"),
    (L, "How many items did we sell in 2011?"),
    (L, "How many items were returned in 2011?"),
]


@pytest.mark.parametrize(("domain", "question", "meaning"), MEANT)
def test_all_that_is_said_is_read(domain: Domain, question: str, meaning: str) -> None:
    assert said(question, domain) == meaning


def test_a_code_of_letters_is_no_word() -> None:
    code = next(each for each in C.tables[0].columns if each.name == "StockCode")
    assert is_word("RED", code)
    assert not is_word("RE", code)  # too short for either
    assert not is_word("85A", code)
    assert not is_word("RED", replace(code, top_values=("POST", "22423")))
    assert not is_no_code("RED", code)


@pytest.mark.parametrize(("domain", "question"), NOT_MEANT)
def test_half_of_what_is_said_is_no_answer(domain: Domain, question: str) -> None:
    found = read(question, domain)
    assert isinstance(found, Declined)
    assert found.words or found.choices
