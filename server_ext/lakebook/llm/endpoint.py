"""Where a language model is: its address, its name, a reference to its key, and whether it is on this machine."""

from __future__ import annotations

import importlib
import ipaddress
import os
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from lakebook.errors import HomeUnusable, MissingExtra, Unavailable

LOCAL_MODEL = "default"


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible server; `key` is a reference (`env:NAME`, `keyring:SERVICE/NAME`), never the key itself."""

    address: str
    model: str
    key: str = ""
    is_local: bool = True

    @property
    def where(self) -> str:
        """The host and port, for people."""
        return urlsplit(self.address).netloc


def local_endpoint(address: str, model: str, key: str) -> Endpoint:
    """The endpoint on this machine; HomeUnusable where the address leads elsewhere."""
    host = _host(address, "llm")
    if not is_loopback(host):
        raise HomeUnusable(
            f"The setting llm names {host!r}, which is not this machine.",
            hint="Name a model elsewhere as `LAKEBOOK_REMOTE_LLM`, so that nothing leaves by accident.",
        )
    return Endpoint(address.rstrip("/"), model or LOCAL_MODEL, key)


def remote_endpoint(address: str, model: str, key: str) -> Endpoint:
    """The endpoint elsewhere; HomeUnusable where the model has no name or the key would travel in the clear."""
    host = _host(address, "remote_llm")
    if not model:
        raise HomeUnusable(f"The language model at {host!r} has no name.", hint="Set `LAKEBOOK_REMOTE_LLM_MODEL`.")
    if key and not address.startswith("https://") and not is_loopback(host):
        raise HomeUnusable(
            f"The key for {host!r} would travel where others can read it.", hint="Give an address with https://."
        )
    return Endpoint(address.rstrip("/"), model, key, is_local=False)


def is_loopback(host: str) -> bool:
    """Whether the host is this machine: a loopback address, or a name all of whose addresses are."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        pass
    if host != "localhost":
        return False
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    return bool(found) and all(ipaddress.ip_address(each).is_loopback for each in found)


def key_of(reference: str) -> str:
    """The key that the reference names; Unavailable where it is not there. Without a reference a word that says so."""
    kind, _, name = reference.partition(":")
    if not reference:
        return "none"
    if kind == "env":
        key = os.environ.get(name, "")
    elif kind == "keyring":
        key = _from_keyring(name)
    else:
        raise Unavailable("The key of the language model is not a reference.", hint="Write `env:NAME`.")
    if not key or not key.isascii() or not key.isprintable():
        raise Unavailable(f"There is no usable key under {reference!r}.", hint="Put the key there, then ask again.")
    return key


def _from_keyring(name: str) -> str:
    service, _, user = name.partition("/")
    try:
        keyring = importlib.import_module("keyring")
    except ModuleNotFoundError as error:
        raise MissingExtra("The package keyring is not installed.", hint="`pip install keyring`, or `env:`.") from error
    found: str | None = keyring.get_password(service, user)
    return found or ""


def _host(address: str, setting: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise HomeUnusable(
            f"The setting {setting} is no address of a language model.", hint="Such as http://127.0.0.1:8080/v1."
        )
    if parts.username or parts.password or parts.query:
        raise HomeUnusable(
            f"The setting {setting} holds more than an address.",
            hint=f"Give the key by reference: `LAKEBOOK_{setting.upper()}_KEY=env:NAME`.",
        )
    return parts.hostname
