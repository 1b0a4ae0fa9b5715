"""Which addresses may be read over the web: public ones, in whatever form a private one is written."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakebook.errors import Forbidden, Unavailable
from lakebook.ingest.sources.addresses import public, resolved

PRIVATE = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.9.9.9", "169.254.169.254", "172.16.0.1", "192.168.1.1",
    "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "2002:7f00:1::", "2002:a9fe:a9fe::",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2001:db8::1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::"]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_not_public(address: str) -> None:
    assert not public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public(address: str) -> None:
    assert public(ipaddress.ip_address(address))


@given(number=st.integers(0, 2**32 - 1))
def test_an_address_in_disguise_is_no_more_public_than_itself(number: int) -> None:
    plain = ipaddress.IPv4Address(number)
    mapped = ipaddress.IPv6Address((0xFFFF << 32) | number)
    translated = ipaddress.IPv6Address((0x64FF9B << 96) | number)
    for disguised in (mapped, translated):
        assert public(plain) or not public(disguised)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "::1", "::ffff:127.0.0.1"]
)
def test_this_machine_is_refused_in_every_form(host: str) -> None:
    with pytest.raises(Forbidden, match="private network"):
        resolved(host, 80, frozenset())


def test_an_allowed_host_is_let_through() -> None:
    assert resolved("127.0.0.1", 80, frozenset({"127.0.0.1"})) == "127.0.0.1"
    assert resolved("LOCALHOST", 80, frozenset({"localhost"})) in {"127.0.0.1", "::1"}


def answering(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    asked: list[str] = []

    def look_up(host: str, port: int, **_more: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr("lakebook.ingest.sources.addresses.socket.getaddrinfo", look_up)
    return asked


def test_one_private_address_among_a_hosts_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "93.184.216.34", "10.0.0.1")
    with pytest.raises(Forbidden):
        resolved("twofaced.example", 443, frozenset())


def test_the_checked_address_is_the_one_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, "93.184.216.34", "93.184.216.35")
    assert resolved("data.example", 443, frozenset()) == "93.184.216.34"
    assert asked == ["data.example"]


def test_a_host_that_nobody_knows_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_given: Any, **_more: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr("lakebook.ingest.sources.addresses.socket.getaddrinfo", unknown)
    with pytest.raises(Unavailable, match=r"No host is called nowhere\.example"):
        resolved("nowhere.example", 80, frozenset())
