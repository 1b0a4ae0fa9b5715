"""Which hosts may be read over the web: named ones, and those whose every address is public."""

from __future__ import annotations

import ipaddress
import socket

from lakebook.errors import Forbidden, Unavailable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# IPv6 blocks whose addresses stand for IPv4 ones, with the bits below which those lie.
NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))


def public(address: Address) -> bool:
    """Whether the address is anybody's on the internet: not private, loopback, link-local, reserved or multicast.

    An IPv6 address that carries an IPv4 one (mapped, 6to4, Teredo, NAT64) is as public as that.
    """
    if address.is_multicast or not address.is_global:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in block for block in NAT64):
            return public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        return all(public(inner) for inner in carried if inner is not None)
    return True


def resolved(host: str, port: int, allowed: frozenset[str]) -> str:
    """The address to connect to, looked up once and checked; Forbidden where any of the host's is not public."""
    try:
        found = socket.getaddrinfo(_plain(host.casefold()), port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise Unavailable(f"No host is called {host}.", hint="Check the address.") from error
    addresses = [str(entry[4][0]) for entry in found]
    if host.casefold() not in allowed and not all(public(ipaddress.ip_address(one)) for one in addresses):
        raise Forbidden(
            f"{host} is an address of this machine or of a private network; such are not read over the web.",
            hint="An administrator may allow the host: `LAKEBOOK_WEB_HOSTS=host,other`.",
        )
    return addresses[0]


def _plain(host: str) -> str:
    """An IPv4 address in one of its old forms (one number, hexadecimal, octal, short) as four decimal numbers."""
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return host
