"""What Snowflake's connector is told, for a source and for an engine, without any server."""

from __future__ import annotations

import os
import warnings
from typing import Any

import pytest

from lakebook import snowflake_session
from lakebook.errors import MissingExtra
from lakebook.snowflake_session import connector, opened, words_for

SEAT = {"account": "acme", "user": "ann", "password": "s3cret", "database": "DB", "schema": "S"}


def test_what_the_connector_is_told() -> None:
    told = words_for(SEAT, {"role": "reader", "warehouse": "w"}, {"TIMEZONE": "UTC"})
    assert {name: told[name] for name in SEAT} == SEAT
    assert (told["role"], told["warehouse"], told["application"]) == ("reader", "w", "lakebook")
    assert told["session_parameters"] == {"TIMEZONE": "UTC"}
    assert told["login_timeout"] == snowflake_session.LOGIN_SECONDS
    assert "port" not in told


@pytest.mark.parametrize(("said", "port"), [("8443", 8443), ("many", 443), ("", 443)])
def test_a_port_is_a_number(said: str, port: int) -> None:
    assert words_for(SEAT, {"port": said}, {})["port"] == port


@pytest.mark.parametrize("missing", ["snowflake", "snowflake.connector"])
def test_without_the_extra_its_name_is_said(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setattr(snowflake_session, "find_spec", lambda name: None if name == missing else object())
    with pytest.raises(MissingExtra, match="lakebook\\[snowflake\\]"):
        connector()


@pytest.mark.parametrize(("before", "after"), [(None, "true"), ("false", "false")])
def test_nobody_is_asked_where_it_runs(monkeypatch: pytest.MonkeyPatch, before: str | None, after: str) -> None:
    name = "SNOWFLAKE_DISABLE_PLATFORM_DETECTION"
    monkeypatch.setenv(name, before or "")
    if before is None:
        monkeypatch.delenv(name)
    assert connector().__name__ == "snowflake.connector"
    assert os.environ[name] == after


def test_a_session_is_opened_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, Any] = {}

    def connect(**words: Any) -> str:
        warnings.warn("this will change", FutureWarning, stacklevel=1)
        told.update(words)
        return "session"

    monkeypatch.setattr(connector(), "connect", connect)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert opened(SEAT) == "session"
    assert told == SEAT
