"""Where models are, how keys are named, what is refused before anything is sent."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import lakebook
from lakebook.client import Lakebook, open_place
from lakebook.errors import HomeUnusable, MissingExtra, Unavailable
from lakebook.llm import wire
from lakebook.llm.endpoint import is_loopback, key_of, local_endpoint, remote_endpoint
from lakebook.remote import RemotePlace
from lakebook.runtime import Runtime
from lakebook.settings import settings_of
from lakebook_cli.main import main


def runtime_of(home: Path, **given: object) -> Runtime:
    return Runtime(settings_of(home, **given))


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("localhost", True),
        ("10.0.0.1", False),
        ("0.0.0.0", False),
        ("models.example.org", False),
        ("localhost.example.org", False),
        ("127.0.0.1.example.org", False),
    ],
)
def test_what_this_machine_is(host: str, expected: bool) -> None:
    assert is_loopback(host) == expected


def test_a_localhost_that_leads_elsewhere_is_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(*_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, 1, 6, "", ("127.0.0.1", 0)), (socket.AF_INET, 1, 6, "", ("192.0.2.7", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    assert not is_loopback("localhost")


def test_a_name_that_is_not_found_is_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", lost)
    assert not is_loopback("localhost")


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "elsewhere": ({"llm": "http://models.example.org/v1"}, "is not this machine"),
    "no address": ({"llm": "my model"}, "no address"),
    "another scheme": ({"llm": "file:///etc/passwd"}, "no address"),
    "a password inside": ({"llm": "http://me:secret@127.0.0.1/v1"}, "more than an address"),
    "a key in the query": ({"remote_llm": "https://x.example.org/v1?key=secret"}, "more than an address"),
    "remote without a model": ({"remote_llm": "https://x.example.org/v1"}, "has no name"),
    "a key in the clear": (
        {"remote_llm": "http://x.example.org/v1", "remote_llm_model": "m", "remote_llm_key": "env:K"},
        "others can read",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(REFUSED))
def test_an_address_that_may_not_be_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    given, part = REFUSED[name]
    with pytest.raises(HomeUnusable) as caught:
        _ = runtime_of(tmp_path, **given).language_models
    assert part in caught.value.message
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("setting", ["llm_key", "remote_llm_key"])
def test_a_key_itself_is_refused_and_not_repeated(tmp_path: Path, setting: str) -> None:
    with pytest.raises(HomeUnusable) as caught:
        settings_of(tmp_path, **{setting: "sk-secret"})
    assert "never holds the key" in caught.value.message
    assert "secret" not in str(caught.value)


def test_models_stand_here_first(tmp_path: Path) -> None:
    runtime = runtime_of(
        tmp_path,
        llm="http://localhost:8080/v1/",
        remote_llm="https://models.example.org/v1",
        remote_llm_model="big",
        remote_llm_key="env:LB_KEY",
        offline=True,
    )
    here, there = runtime.language_models
    assert (here.which, here.endpoint.model, here.endpoint.address) == ("local", "default", "http://localhost:8080/v1")
    assert (there.which, there.endpoint.where, there.is_refused) == ("remote", "models.example.org", True)
    assert (here.name, there.name, here.is_refused) == ("local model", "remote model", False)
    runtime.close()


def test_without_an_address_there_is_no_model(tmp_path: Path) -> None:
    runtime = runtime_of(tmp_path)
    assert runtime.language_models == ()
    runtime.close()


def test_a_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LB_KEY", "k-1")
    assert key_of("env:LB_KEY") == "k-1"
    assert key_of("") == "none"


def test_a_key_comes_from_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def get_password(service: str, user: str) -> str:
        asked.append((service, user))
        return "k-2"

    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=get_password))
    assert key_of("keyring:lakebook/me") == "k-2"
    assert asked == [("lakebook", "me")]


def test_without_a_keyring_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(MissingExtra, match="keyring"):
        key_of("keyring:lakebook/me")


@pytest.mark.parametrize("value", ["", "a\nb", "schlüssel"])
def test_a_key_that_cannot_be_sent_is_no_key(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("LB_KEY", value)
    with pytest.raises(Unavailable, match="env:LB_KEY"):
        key_of("env:LB_KEY")


def test_something_else_is_no_reference() -> None:
    with pytest.raises(Unavailable, match="not a reference"):
        key_of("plain")


def test_endpoints_know_their_place() -> None:
    assert local_endpoint("http://127.0.0.1:1/v1", "m", "").is_local
    assert not remote_endpoint("https://models.example.org/v1", "m", "env:K").is_local


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(MissingExtra, match=r"lakebook\[llm\]"):
        wire.ready()


def test_offline_the_shell_opens_homes_and_servers_here_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opened: list[dict[str, object]] = []
    place = open_place

    def seen(address: str | None, **settings: object) -> Lakebook:
        opened.append(settings)
        return Lakebook(place(address, **settings))

    monkeypatch.setattr(lakebook, "open", seen)
    assert main(["llm", "--home", str(tmp_path / "home"), "--offline"]) == 0
    assert main(["llm", "--home", str(tmp_path / "home")]) == 0
    assert opened == [{"offline": True}, {}]
    assert main(["llm", "--url", "https://lake.example.org/", "--offline"]) == 1
    RemotePlace("http://127.0.0.1:1/", offline=True).close()
    with pytest.raises(Unavailable, match="another machine"):
        RemotePlace("https://lake.example.org/", offline=True)
