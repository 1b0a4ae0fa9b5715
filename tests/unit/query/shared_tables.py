"""The shared tables as questions see them, and short words for readings over them."""

from __future__ import annotations

from datetime import date
from typing import Any

from lakebook.query.domain import Domain, Relationship
from lakebook.query.reading import Aggregate, Metric, Named, Period
from lakebook.query.tables import Column, Table
from lakebook.query.terms import Computed, Field, Part, Thing

TIES = ("Album ArtistId Artist", "Track AlbumId Album", "Track GenreId Genre", "Track MediaTypeId MediaType",
        "PlaylistTrack PlaylistId Playlist", "PlaylistTrack TrackId Track", "Invoice CustomerId Customer",
        "InvoiceLine InvoiceId Invoice", "InvoiceLine TrackId Track", "Customer SupportRepId Employee",
        "Employee ReportsTo Employee")  # fmt: skip

SCHEMA = {
    "Album": "AlbumId INTEGER, Title VARCHAR, ArtistId INTEGER",
    "Artist": "ArtistId INTEGER, Name VARCHAR",
    "Customer": (
        "CustomerId INTEGER, FirstName VARCHAR, LastName VARCHAR, Company VARCHAR, Address VARCHAR, "
        "City VARCHAR, State VARCHAR, Country VARCHAR, PostalCode VARCHAR, Phone VARCHAR, Fax VARCHAR, "
        "Email VARCHAR, SupportRepId INTEGER"
    ),
    "Employee": (
        "EmployeeId INTEGER, LastName VARCHAR, FirstName VARCHAR, Title VARCHAR, ReportsTo INTEGER, "
        "BirthDate TIMESTAMP, HireDate TIMESTAMP, Address VARCHAR, City VARCHAR, State VARCHAR, "
        "Country VARCHAR, PostalCode VARCHAR, Phone VARCHAR, Fax VARCHAR, Email VARCHAR"
    ),
    "Genre": "GenreId INTEGER, Name VARCHAR",
    "Invoice": (
        "InvoiceId INTEGER, CustomerId INTEGER, InvoiceDate TIMESTAMP, BillingAddress VARCHAR, "
        "BillingCity VARCHAR, BillingState VARCHAR, BillingCountry VARCHAR, BillingPostalCode VARCHAR, "
        "Total DECIMAL(10,2)"
    ),
    "InvoiceLine": (
        "InvoiceLineId INTEGER, InvoiceId INTEGER, TrackId INTEGER, UnitPrice DECIMAL(10,2), Quantity INTEGER"
    ),
    "MediaType": "MediaTypeId INTEGER, Name VARCHAR",
    "orders": (
        "InvoiceNo VARCHAR, StockCode VARCHAR, Description VARCHAR, Quantity INTEGER, InvoiceDate TIMESTAMP, "
        "UnitPrice DECIMAL(18,3), CustomerID INTEGER, Country VARCHAR"
    ),
    "penguins": (
        "species VARCHAR, island VARCHAR, bill_length_mm DOUBLE, bill_depth_mm DOUBLE, "
        "flipper_length_mm BIGINT, body_mass_g BIGINT, sex VARCHAR, year BIGINT"
    ),
    "Playlist": "PlaylistId INTEGER, Name VARCHAR",
    "PlaylistTrack": "PlaylistId INTEGER, TrackId INTEGER",
    "Track": (
        "TrackId INTEGER, Name VARCHAR, AlbumId INTEGER, MediaTypeId INTEGER, GenreId INTEGER, "
        "Composer VARCHAR, Milliseconds INTEGER, Bytes INTEGER, UnitPrice DECIMAL(10,2)"
    ),
    "weather": "date DATE, precipitation DOUBLE, temp_max DOUBLE, temp_min DOUBLE, wind DOUBLE, weather VARCHAR",
}


def columns_of(described: str) -> tuple[Column, ...]:
    pairs = (each.split(" ") for each in described.split(", "))
    return tuple(Column(name, kind) for name, kind in pairs)


T = {name: Table(name, "bronze", name, 1, 0, (), columns_of(described)) for name, described in SCHEMA.items()}


def F(table: str, column: str, role: str = "") -> Field:
    return Field(T[table], next(each for each in T[table].columns if each.name == column), role)


def TH(table: str, *labels: str) -> Thing:
    return Thing(T[table], (F(table, f"{table}Id"),), tuple(F(table, label) for label in labels))


def A(kind: str, table: str, of: Any = None, **more: Any) -> Aggregate:
    return Aggregate(kind, T[table], of, **more)


def P(start: str, end: str) -> Period:
    return Period(date.fromisoformat(start), date.fromisoformat(end), "")


def year(term: Field) -> Part:
    return Part(term, "year")


RELATIONSHIPS = tuple(
    Relationship(T[many], (column,), T[one], (f"{one}Id",)) for many, column, one in (tie.split() for tie in TIES)
)
KEYS: dict[str, tuple[str, ...]] = {
    f"bronze.{name}": (f"{name}Id",) for name in T if any(each.name == f"{name}Id" for each in T[name].columns)
}
DOMAIN = Domain(tuple(T.values()), RELATIONSHIPS, (), KEYS)

rev = Metric("revenue", "SUM(orders.Quantity * orders.UnitPrice)", (T["orders"],))
ORDERS = T["orders"]

inv = F("orders", "InvoiceNo")
odate = F("orders", "InvoiceDate")
country = F("orders", "Country")
cust = Thing(ORDERS, (F("orders", "CustomerID"),))
cancelled = Named(Computed(ORDERS, "is_cancelled", "InvoiceNo LIKE 'C%'", False))


orders_n = A("distinct", "orders", inv)
aov = Metric("aov", "SUM(orders.Quantity * orders.UnitPrice) / COUNT(DISTINCT orders.InvoiceNo)", (ORDERS,))
lrev = Metric("revenue", "SUM(InvoiceLine.UnitPrice * InvoiceLine.Quantity)", (T["InvoiceLine"],))
G = F("Genre", "Name")
emp = TH("Employee", "FirstName", "LastName")
client = TH("Customer", "FirstName", "LastName")

idate = F("Invoice", "InvoiceDate")
mass = F("penguins", "body_mass_g")
sp = F("penguins", "species")
sex = F("penguins", "sex")
wd = F("weather", "date")
