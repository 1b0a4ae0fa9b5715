"""Sessions of Snowflake's connector, for a source of files and for an engine alike."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from lakebook.errors import MissingExtra

LOGIN_SECONDS = 30
# The service's numbers for a user, a password, an account or a role that is not accepted.
REFUSALS = frozenset({251001, 251005, 251006, 390100, 390101, 390102, 390144, 390189, 390201, 394400})
TIMED_OUT = frozenset({604, 630})
# What an address may say besides user, account, database and schema.
SAID = frozenset({"warehouse", "role", "host", "port", "protocol"})


def connector() -> Any:
    """The connector's module; MissingExtra without it."""
    if find_spec("snowflake") is None or find_spec("snowflake.connector") is None:
        raise MissingExtra.named("snowflake-connector-python", "snowflake")
    # Else each log-in asks three clouds' metadata addresses where it runs: calls to the outside.
    os.environ.setdefault("SNOWFLAKE_DISABLE_PLATFORM_DETECTION", "true")
    return import_module("snowflake.connector")


def opened(words: Mapping[str, Any]) -> Any:
    """A new session; raises the connector's own errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return connector().connect(**words)


def refuses_credentials(error: Any) -> bool:
    """Whether the service was reached and did not accept who asked.

    The connector gives 250001 for that and for a service that is not there: then only its words tell them apart.
    """
    said = str(error).casefold()
    return getattr(error, "errno", None) in REFUSALS or "password" in said or "authenticat" in said


def words_for(seat: Mapping[str, Any], said: Mapping[str, str], session: Mapping[str, Any]) -> dict[str, Any]:
    """What the connector is told: account, user, password, database and schema, what the address says, settings."""
    words: dict[str, Any] = {
        **seat, "login_timeout": LOGIN_SECONDS, "session_parameters": session, "application": "lakebook", **said,
    }  # fmt: skip
    if "port" in words:
        words["port"] = int(words["port"]) if words["port"].isdigit() else 443
    return words
