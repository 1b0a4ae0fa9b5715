"""Secrets by reference: refused in clear at the door, read where they lie, found nowhere afterwards."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest

from lakebook.call import Call
from lakebook.errors import InvalidRequest, LakebookError, MissingExtra
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.sources import credentials
from lakebook.jobs.submit import submit
from lakebook.runtime import Runtime
from lakebook.verbs import BY_NAME
from tests.services.remote import loaded

SECRET = "hunter2-very-secret"
CARRIERS = [
    f"postgresql://ann:{SECRET}@host/db",
    f"postgresql://ann@host/db?password={SECRET}",
    f"postgresql://ann@host/db?sslpassword={SECRET}",
    f"https://ann:{SECRET}@host/file.csv",
    f"https://host/file.csv?access_token={SECRET}",
    f"https://host/file.csv?X-Amz-Signature={SECRET}&x=1",
    f"https://host/file.csv?api_key={SECRET}",
    f"https://host/file.csv#token={SECRET}",
    f"s3://key:{SECRET}@bucket/file.csv",
]


def everything(runtime: Runtime) -> str:
    """All that lakebook has written: the metadata database and every file of the home."""
    return "".join(
        path.read_bytes().decode("latin-1") for path in sorted(runtime.settings.home.rglob("*")) if path.is_file()
    )


@pytest.mark.parametrize("source", CARRIERS)
def test_a_secret_in_clear_is_refused_and_kept_nowhere(
    call: Call, runtime: Runtime, source: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(InvalidRequest, match="in clear") as caught:
        submit(call, BY_NAME["ingest"], IngestRequest(source=source, name="t"), staffed=True)
    assert "--credentials env:NAME" in caught.value.hint
    assert SECRET not in str(caught.value) + repr(caught.value.to_dict()) + caplog.text
    assert SECRET not in everything(runtime)
    assert runtime.jobs.claim("the test") is None


def test_a_secret_of_a_scheme_that_nobody_reads_is_kept_nowhere_too(call: Call, runtime: Runtime) -> None:
    with pytest.raises(InvalidRequest, match="that begin with oracle://") as caught:
        submit(call, BY_NAME["ingest"], IngestRequest(source=f"oracle://ann:{SECRET}@host/db"), staffed=True)
    assert SECRET not in repr(caught.value.to_dict())
    assert SECRET not in everything(runtime)


@pytest.mark.parametrize("reference", [SECRET, "env:", "env:1", f"env:{SECRET}", "keyring:", "keyring:a", "file:x"])
def test_what_is_no_reference_may_be_a_secret_and_is_not_repeated(call: Call, runtime: Runtime, reference: str) -> None:
    with pytest.raises(InvalidRequest, match="no reference") as caught:
        submit(call, BY_NAME["ingest"], IngestRequest(source="https://host/a.csv", credentials=reference), staffed=True)
    assert SECRET not in repr(caught.value.to_dict())
    assert SECRET not in everything(runtime)


def test_a_secret_that_is_used_is_written_nowhere(
    call: Call, runtime: Runtime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setenv("LB_TEST_SECRET", SECRET)
    with pytest.raises(LakebookError) as caught:
        loaded(call, "https://127.0.0.1:1/file.csv", credentials="env:LB_TEST_SECRET")
    call.audit("ingest", "dataset:none", failure=caught.value.to_dict())
    assert "LB_TEST_SECRET" in everything(runtime)
    assert SECRET not in everything(runtime) + caplog.text + str(caught.value)


def test_an_environment_variable_is_read_when_it_is_needed(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LB_TEST_SECRET", SECRET)
    assert credentials.secret_of(call, "env:LB_TEST_SECRET") == SECRET
    assert credentials.secret_of(call, None) is None
    monkeypatch.delenv("LB_TEST_SECRET")
    with pytest.raises(InvalidRequest, match="LB_TEST_SECRET is not set"):
        credentials.secret_of(call, "env:LB_TEST_SECRET")


def ring(monkeypatch: pytest.MonkeyPatch, kept: dict[tuple[str, str], str]) -> None:
    module: Any = ModuleType("keyring")
    module.get_password = lambda service, user: kept.get((service, user))
    monkeypatch.setitem(sys.modules, "keyring", module)
    monkeypatch.setattr(credentials, "find_spec", lambda _name: module)


def test_a_keyring_gives_its_secret(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    ring(monkeypatch, {("shop", "ann/reader"): SECRET})
    assert credentials.secret_of(call, "keyring:shop/ann/reader") == SECRET
    with pytest.raises(InvalidRequest, match="holds nothing for bo of shop"):
        credentials.secret_of(call, "keyring:shop/bo")


def test_without_keyring_its_package_is_named(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "find_spec", lambda _name: None)
    with pytest.raises(MissingExtra, match="pip install keyring"):
        credentials.secret_of(call, "keyring:shop/ann")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (f"postgresql://ann:{SECRET}@host:5/db?password=x", "postgresql://ann@host:5/db"),
        ("https://host/a/b.csv?sig=abc#d", "https://host/a/b.csv"),
        ("postgresql://host/db", "postgresql://host/db"),
    ],
)
def test_lineage_shows_no_secret(address: str, shown: str) -> None:
    assert credentials.without_secrets(address) == shown


@pytest.mark.parametrize("source", ["https://host/a.csv?page_token=3&pageToken=1", "https://host/a.csv?q=passenger"])
def test_words_that_only_look_like_secrets_pass(source: str) -> None:
    credentials.refuse_secrets(source, "https://host")


@pytest.mark.parametrize("source", [f"postgresql://ann@host:{SECRET}/db", f"https://[{SECRET}/a.csv"])
def test_an_address_that_cannot_be_read_is_not_repeated(source: str) -> None:
    with pytest.raises(InvalidRequest, match="cannot be read") as caught:
        credentials.refuse_secrets(source, "https://host")
    assert SECRET not in str(caught.value)
