"""A small shop: order lines with the usual dirt, customers, birds, days; as Parquet and as the tables over it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from lakebook.query.tables import Column, Table

LINES = """(
SELECT * REPLACE (InvoiceDate::TIMESTAMP AS InvoiceDate) FROM (VALUES
    ('536365', '85123A', 'WHITE HANGING HEART T-LIGHT HOLDER', 6, '2010-12-01 08:26:00', 2.55, 17850, 'United Kingdom'),
    ('536365', '71053', 'WHITE METAL LANTERN', 6, '2010-12-01 08:26:00', 3.39, 17850, 'United Kingdom'),
    ('536370', '22728', 'ALARM CLOCK BAKELIKE PINK', 24, '2010-12-01 08:45:00', 3.75, 12583, 'France'),
    ('536370', 'POST', 'POSTAGE', 3, '2010-12-01 08:45:00', 18.00, 12583, 'France'),
    ('C536379', 'D', 'Discount', -1, '2010-12-01 09:41:00', 27.50, 14527, 'United Kingdom'),
    ('540000', '22728', 'ALARM CLOCK BAKELIKE PINK', 12, '2011-01-04 10:00:00', 3.75, 12662, 'Germany'),
    ('540001', '85123A', 'WHITE HANGING HEART T-LIGHT HOLDER', 32, '2011-01-05 11:00:00', 2.55, NULL, 'United Kingdom'),
    ('545001', '85123a', 'WHITE HANGING HEART T-LIGHT HOLDER', 10, '2011-03-06 15:30:00', 2.95, 12662, 'Germany'),
    ('545002', '22423',  NULL,                                  1, '2011-03-31 23:59:59', 0.00, NULL, 'EIRE'),
    ('550001', '22423', 'REGENCY CAKESTAND 3 TIER', 5, '2011-04-01 00:00:00', 12.75, 14646, 'Netherlands'),
    ('550002', '22423', 'REGENCY CAKESTAND 3 TIER', 40, '2011-04-08 12:00:00', 10.95, 14646, 'Netherlands'),
    ('550002', '71053', 'WHITE METAL LANTERN', 2, '2011-04-08 12:00:00', 3.39, 14646, 'Netherlands')
) AS line(InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country))
"""

CUSTOMERS = """
SELECT * FROM (VALUES
    (17850, 'Ada',   'United Kingdom', 'gold',   DATE '2009-05-01', 1200.50),
    (12583, 'Bea',   'France',         'silver', DATE '2010-02-14', 310.00),
    (12662, 'Cleo',  'Germany',        'gold',   DATE '2010-07-30', NULL),
    (14646, 'Dries', 'Netherlands',    NULL,     DATE '2010-11-11', 42.10)
) AS customer(customer_id, name, country, segment, signup_date, credit_limit)
"""

BIRDS = """
SELECT * FROM (VALUES
    ('Adelie', 'Dream',  39.5, 3750, 'male',   2007),
    ('Adelie', 'Biscoe', 37.8, 3400, 'female', 2008),
    ('Adelie', 'Dream',  40.3, 3250, 'female', 2008),
    ('Gentoo', 'Biscoe', 46.1, 4500, 'female', 2007),
    ('Gentoo', 'Biscoe', 50.0, 5700, 'male',   2009),
    ('Gentoo', 'Biscoe', 48.7, 5050, NULL,     2009),
    ('Chinstrap', 'Dream', 46.5, 3500, 'female', 2007)
) AS bird(species, island, bill_length_mm, body_mass_g, sex, year)
"""

DAYS = """
SELECT day::DATE AS date, (epoch(day) / 86400 % 7)::DOUBLE * 1.1 AS precipitation,
    10 + (epoch(day) / 86400 % 20)::DOUBLE AS temp_max,
    CASE epoch(day) / 86400 % 3 WHEN 0 THEN 'rain' WHEN 1 THEN 'sun' ELSE 'fog' END AS weather
FROM generate_series(TIMESTAMP '2012-01-01', TIMESTAMP '2013-02-28', INTERVAL 1 DAY) AS series(day)
"""

MAKING = {
    "orders": "SELECT * REPLACE (UnitPrice::DECIMAL(18,2) AS UnitPrice, CustomerID::BIGINT AS CustomerID) FROM "
    + LINES,
    "customers": f"SELECT * REPLACE (credit_limit::DECIMAL(18,2) AS credit_limit) FROM ({CUSTOMERS})",
    "birds": f"SELECT * REPLACE (bill_length_mm::DOUBLE AS bill_length_mm) FROM ({BIRDS})",
    "days": DAYS,
}


def make(folder: Path) -> dict[str, Table]:
    """Write the tables as Parquet into the folder; returns them by name."""
    connection = duckdb.connect()
    made = {}
    for number, (name, sql) in enumerate(MAKING.items()):
        file = folder / f"{name}.parquet"
        connection.execute(f"COPY ({sql}) TO '{file}' (FORMAT parquet)")
        made[name] = _table(connection, name, file, number)
    return made


def view_all(connection: duckdb.DuckDBPyConnection, tables: dict[str, Table]) -> duckdb.DuckDBPyConnection:
    """Make the tables readable under `layer.name` in an ordinary connection, for checking answers against."""
    for table in tables.values():
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {table.layer}")
        files = ", ".join(f"'{file}'" for file in table.files)
        connection.execute(f'CREATE VIEW {table.layer}."{table.name}" AS SELECT * FROM read_parquet([{files}])')
    return connection


def _table(connection: duckdb.DuckDBPyConnection, name: str, file: Path, number: int) -> Table:
    described = connection.execute(f"DESCRIBE SELECT * FROM '{file}'").fetchall()
    counted = connection.execute(f"SELECT count(*) FROM '{file}'").fetchone()
    columns = tuple(_column(connection, row[0], row[1], file) for row in described)
    return Table(name, "bronze", f"id-{number}", 1, counted[0] if counted else 0, (str(file),), columns)


def _column(connection: duckdb.DuckDBPyConnection, name: str, data_type: str, file: Path) -> Column:
    figures = connection.execute(f'SELECT count(DISTINCT "{name}"), min("{name}"), max("{name}") FROM \'{file}\'')
    unique, low, high = figures.fetchone() or (0, None, None)
    top: tuple[str, ...] = ()
    if data_type == "VARCHAR":
        rows = connection.execute(f'SELECT DISTINCT "{name}" FROM \'{file}\' WHERE "{name}" IS NOT NULL ORDER BY 1')
        top = tuple(row[0] for row in rows.fetchall())
    return Column(name, data_type, "", unique, low, high, top)
