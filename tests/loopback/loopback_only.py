"""Refuses every connection that leaves this machine, in the tests and in the Python processes they start."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from typing import Any

RECORD = "LAKEBOOK_TEST_EGRESS"
CONNECTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
LOOKUPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})


class OutsideRefused(OSError):
    """A test, or something it started, tried to reach another host."""


def is_local(host: object) -> bool:
    """Whether this host (a name or an address) is this machine by loopback."""
    if isinstance(host, bytes | bytearray):
        host = bytes(host).decode("ascii", "replace")
    if not isinstance(host, str) or host in {"", "localhost", socket.gethostname()}:
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def is_address(host: object) -> bool:
    """Whether looking this host up needs no name server: it is an address already."""
    try:
        ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return True


def refuse(host: object) -> None:
    """Keep a line for the session's end, then raise OutsideRefused."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "outside any test")
    if record := os.environ.get(RECORD):
        with open(record, "a", encoding="utf-8") as lines:
            lines.write(f"{host}\t{test}\n")
    raise OutsideRefused(f"tests may not reach {host}")


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """The audit hook: looks at socket events only."""
    if event in CONNECTS:
        address = arguments[1]
        if isinstance(address, tuple) and not is_local(address[0]):
            refuse(address[0])
    elif event in LOOKUPS:
        host = arguments[0]
        if not is_local(host) and not is_address(host):
            refuse(host)


def install() -> None:
    """Watch this process from now on; it cannot be undone."""
    sys.addaudithook(watch)
