"""What engines on other machines have in common: their addresses, and work that ends in time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from lakebook.errors import InvalidRequest, QueryCancelled, QueryTimedOut
from lakebook.watched import Done, watched

LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Address:
    """An engine's address in its parts; a secret is never one of them."""

    scheme: str
    user: str
    host: str
    port: int | None
    path: tuple[str, ...]
    said: Mapping[str, str]


def address_of(text: str, allowed: frozenset[str]) -> Address:
    """The parts of an address; raises InvalidRequest for a password in it and for words that are not allowed."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise InvalidRequest("The engine's address cannot be read.", hint="Check its host and port.") from error
    said = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.password is not None:
        raise InvalidRequest(
            "The engine's address carries a password in clear.",
            hint="Put it into a variable and name that in `LAKEBOOK_ENGINE_KEY=env:NAME`.",
        )
    unknown = sorted(set(said) - allowed)
    if not parts.hostname or unknown:
        missing = f"says {', '.join(unknown)}, which is not known" if unknown else "names no host"
        raise InvalidRequest(f"The engine's address {missing}.", hint=f"It may say {', '.join(sorted(allowed))}.")
    path = tuple(unquote(each) for each in parts.path.split("/") if each)
    return Address(parts.scheme, unquote(parts.username or ""), parts.hostname, port, path, said)


def in_time(
    work: Callable[[], Done], *, seconds: float, cancel: threading.Event | None, stop: Callable[[], None]
) -> Done:
    """What the work gives; past the time, or once cancelled, `stop` is called and the work is left behind."""
    ends = time.monotonic() + seconds

    def look() -> None:
        is_cancelled = cancel is not None and cancel.is_set()
        if not is_cancelled and time.monotonic() < ends:
            return
        threading.Thread(target=stop, daemon=True).start()
        if is_cancelled:
            raise QueryCancelled("The statement was cancelled.")
        raise QueryTimedOut(f"The statement ran longer than {seconds:g} s and was stopped.")

    return watched(work, look, every=LOOK_SECONDS)
