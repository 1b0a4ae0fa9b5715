"""Which engine an address means."""

from __future__ import annotations

from lakebook.errors import InvalidRequest
from lakebook.query.children.engine import Engine


def opened(address: str, secret: str) -> Engine:
    """The engine of a `snowflake://` or `sc://` address, not connected yet; raises InvalidRequest for any other."""
    scheme = address.partition("://")[0].lower()
    if scheme == "snowflake":
        from lakebook.engines.snowflake import SnowflakeEngine

        return SnowflakeEngine(address, secret)
    if scheme == "sc":
        from lakebook.engines.spark import SparkEngine

        return SparkEngine(address, secret)
    raise InvalidRequest(
        f"There is no engine for {scheme}:// addresses.",
        hint="Write `snowflake://user@account/database/schema` or `sc://host:15002/schema`.",
    )
