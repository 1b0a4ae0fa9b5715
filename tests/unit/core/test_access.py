"""Tokens are stored as hashes and die when revoked; the audit log says who did what."""

from __future__ import annotations

import getpass

import pytest

from lakebook.access import tokens
from lakebook.access.principal import Principal, local_principal
from lakebook.call import Call
from lakebook.metadata import schema
from lakebook.runtime import Runtime
from tests.unit.core.core_home import taken_back


def test_a_token_names_its_principal(runtime: Runtime) -> None:
    token = tokens.mint(runtime, Principal("ada"), "kernel:1")
    assert tokens.principal_of(runtime, token) == Principal("ada")
    assert token.startswith(tokens.PREFIX)
    assert len(token) >= 40


def test_tokens_differ(runtime: Runtime) -> None:
    assert len({tokens.mint(runtime, Principal("ada"), "kernel:1") for _ in range(20)}) == 20


@pytest.mark.parametrize("change", ["", "x", "cut", "other prefix", "hash", "case"])
def test_other_text_is_nobody(runtime: Runtime, change: str) -> None:
    token = tokens.mint(runtime, Principal("ada"), "kernel:1")
    other = {
        "": "", "x": token + "x", "cut": token[:-1], "other prefix": token.removeprefix(tokens.PREFIX),
        "hash": tokens.PREFIX + tokens.digest(token), "case": token.swapcase(),
    }[change]  # fmt: skip
    assert tokens.principal_of(runtime, other) is None


def test_only_the_hash_is_kept(runtime: Runtime) -> None:
    token = tokens.mint(runtime, Principal("ada"), "kernel:1")
    with runtime.database.read() as connection:
        (row,) = connection.execute(schema.token.select()).mappings()
    assert row["token_hash"] == tokens.digest(token)
    assert token.removeprefix(tokens.PREFIX) not in str(dict(row))
    runtime.close()
    kept = b"".join(path.read_bytes() for path in runtime.settings.home.glob("metadata.sqlite*"))
    assert token.removeprefix(tokens.PREFIX).encode() not in kept
    assert tokens.digest(token).encode() in kept


def test_revoked_tokens_are_nobody(runtime: Runtime) -> None:
    first, second = (tokens.mint(runtime, Principal("ada"), "kernel:1") for _ in range(2))
    other = tokens.mint(runtime, Principal("ada"), "kernel:2")
    assert tokens.revoke(runtime, "kernel:1") == 2
    assert tokens.principal_of(runtime, first) is None
    assert tokens.principal_of(runtime, second) is None
    assert tokens.principal_of(runtime, other) == Principal("ada")
    assert tokens.revoke(runtime, "kernel:1") == 0
    assert tokens.revoke(runtime, "nothing") == 0


def test_the_local_principal_is_the_systems_user(monkeypatch: pytest.MonkeyPatch) -> None:
    assert local_principal() == Principal(getpass.getuser())
    for error in (OSError, KeyError):

        def nobody(error: type[Exception] = error) -> str:
            raise error

        monkeypatch.setattr(getpass, "getuser", nobody)
        assert local_principal() == Principal("unknown")


def test_an_audit_entry_says_who_what_which_and_under_which_request(call: Call) -> None:
    call.audit("datasets.rename", "dataset:1", name="sales")
    call.audit("datasets.delete", "dataset:1")
    newest, older = call.runtime.audit.entries()
    assert newest["action"] == "datasets.delete"
    assert {name: older[name] for name in ("user_id", "action", "resource", "details", "request_id")} == {
        "user_id": "tester", "action": "datasets.rename", "resource": "dataset:1", "details": {"name": "sales"},
        "request_id": call.request_id,
    }  # fmt: skip
    assert older["at"].endswith("Z")
    assert [entry["action"] for entry in call.runtime.audit.entries(1)] == ["datasets.delete"]


def test_an_entry_goes_with_its_transaction(call: Call) -> None:
    with taken_back(call.runtime) as connection:
        call.runtime.audit.record_in(connection, call, "a", "b", {})
    assert call.runtime.audit.entries() == []
