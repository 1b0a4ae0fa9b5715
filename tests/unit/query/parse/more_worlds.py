"""More tables made by hand for questions: birds of three islands, days of weather, invoiced lines, a shop of music."""

from __future__ import annotations

from datetime import date

from lakebook.query.domain import Domain, Relationship
from lakebook.query.tables import Column, Table

VALUES = {
    "species": ("Adelie", "Chinstrap", "Gentoo"), "island": ("Biscoe", "Dream", "Torgersen"),
    "sex": ("female", "male"), "weather": ("drizzle", "fog", "rain", "snow", "sun"),
    "Country": ("EIRE", "France", "Germany", "Japan", "Netherlands", "Norway", "Spain", "United Kingdom"),
    "StockCode": ("22423", "22728", "85123A", "85123a", "gift_0001_20", "POST"),
    "Description": ("ALARM CLOCK BAKELIKE PINK", "LUNCH BAG RED RETROSPOT", "REGENCY CAKESTAND 3 TIER"),
    "Artist.Name": ("Aerosmith", "Iron Maiden", "Led Zeppelin", "Metallica", *(f"Quartet {n}" for n in range(60))),
    "Album.Title": ("Back In Black", "Iron Maiden", "Physical Graffiti", *(f"Opus {n}" for n in range(60))),
    "Genre.Name": ("Blues", "Latin", "Metal", "Rock"), "Customer.Country": ("Brazil", "Canada", "Germany", "USA"),
    "Invoice.BillingCountry": ("Brazil", "Canada", "Germany", "USA"),
}  # fmt: skip
SPAN = (date(2010, 12, 1), date(2011, 12, 9))


def made(name: str, rows: int, described: str, span: tuple[date, date] = SPAN) -> Table:
    """A table whose columns are `name TYPE different-values`."""
    columns = []
    for each in described.split(", "):
        column, kind, unique = each.split(" ")
        known = VALUES.get(f"{name}.{column}", VALUES.get(column, ()))
        low, high = span if kind in ("DATE", "TIMESTAMP") else (None, None)
        columns.append(Column(column, kind, unique_count=int(unique), min=low, max=high, top_values=known))
    return Table(name, "bronze", name, 1, rows, (), tuple(columns))


BIRDS = Domain((
    made(
        "penguins", 344,
        "species VARCHAR 3, island VARCHAR 3, bill_length_mm DOUBLE 164, bill_depth_mm DOUBLE 80, "
        "flipper_length_mm BIGINT 55, body_mass_g BIGINT 94, sex VARCHAR 2, year BIGINT 3",
    ),
))  # fmt: skip
DAYS = Domain((
    made(
        "weather", 1461,
        "date DATE 1461, precipitation DOUBLE 111, temp_max DOUBLE 67, temp_min DOUBLE 55, wind DOUBLE 79, "
        "weather VARCHAR 5",
        (date(2012, 1, 1), date(2015, 12, 31)),
    ),
))  # fmt: skip
LINES = Domain((
    made(
        "orders", 541909,
        "InvoiceNo VARCHAR 25900, StockCode VARCHAR 4070, Description VARCHAR 4223, Quantity INTEGER 722, "
        "InvoiceDate TIMESTAMP 23260, UnitPrice DECIMAL(18,3) 1630, CustomerID INTEGER 4372, Country VARCHAR 38",
    ),
))  # fmt: skip

ARTIST = made("Artist", 275, "ArtistId INTEGER 275, Name VARCHAR 275")
ALBUM = made("Album", 347, "AlbumId INTEGER 347, Title VARCHAR 347, ArtistId INTEGER 204")
GENRE = made("Genre", 25, "GenreId INTEGER 25, Name VARCHAR 25")
TRACK = made(
    "Track", 3503,
    "TrackId INTEGER 3503, Name VARCHAR 3257, AlbumId INTEGER 347, GenreId INTEGER 25, Composer VARCHAR 852, "
    "Milliseconds INTEGER 3080, UnitPrice DECIMAL(10,2) 2",
)  # fmt: skip
CUSTOMER = made(
    "Customer", 59,
    "CustomerId INTEGER 59, FirstName VARCHAR 57, LastName VARCHAR 59, Country VARCHAR 24, Email VARCHAR 59, "
    "SupportRepId INTEGER 3",
)  # fmt: skip
EMPLOYEE = made(
    "Employee", 8,
    "EmployeeId INTEGER 8, LastName VARCHAR 8, FirstName VARCHAR 8, Title VARCHAR 5, ReportsTo INTEGER 3, "
    "BirthDate TIMESTAMP 8, HireDate TIMESTAMP 8",
)  # fmt: skip
INVOICE = made(
    "Invoice", 412,
    "InvoiceId INTEGER 412, CustomerId INTEGER 59, InvoiceDate TIMESTAMP 354, BillingCountry VARCHAR 24, "
    "Total DECIMAL(10,2) 20",
    (date(2021, 1, 1), date(2025, 12, 22)),
)  # fmt: skip
LINE = made(
    "InvoiceLine", 2240,
    "InvoiceLineId INTEGER 2240, InvoiceId INTEGER 412, TrackId INTEGER 1984, UnitPrice DECIMAL(10,2) 2, "
    "Quantity INTEGER 1",
)  # fmt: skip
_TIES = (
    (ALBUM, "ArtistId", ARTIST), (TRACK, "AlbumId", ALBUM), (TRACK, "GenreId", GENRE), (LINE, "TrackId", TRACK),
    (LINE, "InvoiceId", INVOICE), (INVOICE, "CustomerId", CUSTOMER),
)  # fmt: skip
_STAFF = (
    Relationship(CUSTOMER, ("SupportRepId",), EMPLOYEE, ("EmployeeId",)),
    Relationship(EMPLOYEE, ("ReportsTo",), EMPLOYEE, ("EmployeeId",)),
)
_MUSIC = (ARTIST, ALBUM, GENRE, TRACK, CUSTOMER, EMPLOYEE, INVOICE, LINE)


def music(*names: str) -> Domain:
    """The shop of music, or what it says with only some of its tables."""
    tables = tuple(table for table in _MUSIC if not names or table.name in names)
    ties = [Relationship(many, (column,), one, (column,)) for many, column, one in _TIES]
    kept = tuple(each for each in (*ties, *_STAFF) if each.many in tables and each.one in tables)
    keys: dict[str, tuple[str, ...]] = {table.full_name: (table.columns[0].name,) for table in tables}
    return Domain(tables, kept, keys=keys)


MUSIC = music()
