"""What every table of the metadata database is made with."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table

metadata = MetaData()
serial = BigInteger().with_variant(Integer, "sqlite")


def table(name: str, *parts: Column[Any] | Index) -> Table:
    """A table of the metadata database."""
    return Table(name, metadata, *parts)
