"""A small table made of a statement: written as Parquet, with what its columns hold."""

from __future__ import annotations

from pathlib import Path

import duckdb

from lakebook.query.tables import Column, Table


def stored(folder: Path, name: str, sql: str) -> Table:
    """The rows of the statement in a file of the folder, as a table."""
    file = folder / f"{name}.parquet"
    connection = duckdb.connect()
    connection.execute(f"COPY ({sql}) TO '{file}' (FORMAT parquet)")
    rows = connection.execute(f"SELECT * FROM '{file}'").fetchall()
    columns = []
    for place, (column, kind, *_) in enumerate(connection.execute(f"DESCRIBE SELECT * FROM '{file}'").fetchall()):
        known = sorted({row[place] for row in rows if row[place] is not None})
        top = tuple(known) if kind == "VARCHAR" else ()
        low, high = (known[0], known[-1]) if known else (None, None)
        columns.append(Column(column, kind, "", len(known), low, high, top))
    return Table(name, "bronze", f"small-{name}", 1, len(rows), (str(file),), tuple(columns))
