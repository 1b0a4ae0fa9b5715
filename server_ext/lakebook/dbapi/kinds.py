"""PEP 249's words for kinds of values."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

Date = datetime.date
Time = datetime.time
Timestamp = datetime.datetime
Binary = bytes
DateFromTicks = datetime.date.fromtimestamp
TimestampFromTicks = datetime.datetime.fromtimestamp


def TimeFromTicks(ticks: float) -> datetime.time:
    """The time of day, in the local zone, of seconds since 1970."""
    return datetime.datetime.fromtimestamp(ticks, datetime.UTC).astimezone().time()


class Kind:
    """A kind that equals each of the type codes it stands for."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kind) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return self.name


STRING = Kind("STRING")
BINARY = Kind("BINARY")
NUMBER = Kind("NUMBER")
DATETIME = Kind("DATETIME")
ROWID = Kind("ROWID")


def kind_of(data_type: pa.DataType) -> Kind:
    """The kind of an Arrow type; nested values and truth values count as text."""
    import pyarrow as pa

    kinds = pa.types
    if kinds.is_integer(data_type) or kinds.is_floating(data_type) or kinds.is_decimal(data_type):
        return NUMBER
    if kinds.is_temporal(data_type):
        return DATETIME
    return BINARY if kinds.is_binary(data_type) or kinds.is_large_binary(data_type) else STRING
