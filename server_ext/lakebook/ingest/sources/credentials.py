"""Secrets by reference: where one lies is said and kept, the secret itself is neither."""

from __future__ import annotations

import os
import re
from importlib import import_module
from importlib.util import find_spec
from urllib.parse import SplitResult, parse_qsl, urlsplit, urlunsplit

from lakebook.call import Call
from lakebook.errors import InvalidRequest, MissingExtra
from lakebook.ingest.sources.allowed import allow_secret

ENV = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)")
KEYRING = re.compile(r"keyring:([^/]+)/(.+)")
ANONYMOUS = "anonymous"
# What addresses call their secrets in a query: a signature opens the door as well as a password does.
SECRET_WORDS = re.compile(
    r".*pass(word|wd|phrase)?|pwd|.*(secret|signature|credential).*|((access|auth|id|refresh|session|api|x-amz-security)"
    r"[-_]?)?token|api[-_]?key|.*access[-_]?key|sig",
    re.IGNORECASE,
)


def refuse_secrets(address: str, example: str) -> None:
    """InvalidRequest where the address carries a secret in clear; the message repeats none of it.

    `example` shows how such an address is written, up to its host.
    """
    parts = _parts(address)
    carried = "a password" if parts.password is not None else None
    if carried is None:
        named = (word for text in (parts.query, parts.fragment) for word, _ in parse_qsl(text, keep_blank_values=True))
        carried = next((f"a secret (`{word}`)" for word in named if SECRET_WORDS.fullmatch(word)), None)
    if carried is not None:
        raise InvalidRequest(
            f"The address carries {carried} in clear; lakebook keeps addresses, so it takes none.",
            hint=f"Write `{example}` with `--credentials env:NAME`, and put the secret into the variable NAME.",
        )


def without_secrets(address: str) -> str:
    """The address for people and lineage: no password, no query, no fragment."""
    parts = _parts(address)
    user, at, host = parts.netloc.rpartition("@")
    return urlunsplit((parts.scheme, f"{user.partition(':')[0]}{at}{host}", parts.path, "", ""))


def checked(call: Call, reference: str | None, *, anonymous: bool = False) -> None:
    """InvalidRequest where this is no reference to a secret (it may be one: it is not repeated).

    Forbidden where it is one that sources may not use on this server.
    """
    if reference is None or (anonymous and reference == ANONYMOUS):
        return
    if not (ENV.fullmatch(reference) or KEYRING.fullmatch(reference)):
        raise InvalidRequest(
            "The credentials are no reference.",
            hint="Say where the secret lies: `env:NAME` or `keyring:service/user`; never the secret itself.",
        )
    allow_secret(call, reference)


def secret_of(call: Call, reference: str | None) -> str | None:
    """The secret that the reference names, or None without one; InvalidRequest where nothing lies there."""
    checked(call, reference)
    if reference is None:
        return None
    if found := ENV.fullmatch(reference):
        value = os.environ.get(found[1])
        if not value:
            raise InvalidRequest(
                f"The variable {found[1]} is not set where lakebook works.",
                hint="Set it before the server, or the worker, is started.",
            )
        return value
    return _from_keyring(reference)


def _from_keyring(reference: str) -> str:
    if find_spec("keyring") is None:
        raise MissingExtra("The package keyring is not installed.", hint="Install it with `pip install keyring`.")
    found = KEYRING.fullmatch(reference)
    service, user = found.groups() if found else ("", "")
    value = import_module("keyring").get_password(service, user)
    if not value:
        raise InvalidRequest(
            f"The keyring holds nothing for {user} of {service}.",
            hint=f"Keep it there: `keyring set {service} {user}`.",
        )
    return str(value)


def _parts(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        # A port that is no number is found only when it is asked for; it may be half of a password.
        _ = parts.port
    except ValueError as error:
        raise InvalidRequest("The address cannot be read.", hint="Check its host and port.") from error
    return parts
