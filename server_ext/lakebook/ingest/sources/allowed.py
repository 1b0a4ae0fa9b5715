"""Which databases may be read and which secrets used where several people share a server: those that are named."""

from __future__ import annotations

from fnmatch import fnmatchcase

from lakebook.call import Call
from lakebook.errors import Forbidden

EVERYTHING = "*"


def allow_host(call: Call, host: str) -> None:
    """Forbidden where this server reads no database of this host."""
    settings = call.runtime.settings
    # A driver may take several hosts at once: each is looked at.
    each = (_named(one, settings.source_hosts.casefold(), shared=settings.remote_kernels)
            for one in host.casefold().split(","))  # fmt: skip
    if not all(each):
        raise Forbidden(
            f"This server reads no database at {host or 'a place without a host'}.",
            hint=f"Whoever runs it can allow it: `LAKEBOOK_SOURCE_HOSTS={host or 'host'}`.",
        )


def allow_secret(call: Call, reference: str) -> None:
    """Forbidden where sources may not use the secret of this reference (`env:NAME`, `keyring:service/user`)."""
    settings = call.runtime.settings
    if not _named(reference, settings.source_secrets, shared=settings.remote_kernels):
        raise Forbidden(
            f"This server lets no source use {reference}.",
            hint=f"Whoever runs it can allow it: `LAKEBOOK_SOURCE_SECRETS={reference}`.",
        )


def _named(word: str, patterns: str, *, shared: bool) -> bool:
    """Whether one of the patterns, parted by commas, fits; without any, one person may do all and several nothing."""
    given = [pattern.strip() for pattern in patterns.split(",") if pattern.strip()]
    return any(fnmatchcase(word, pattern) for pattern in given or ([] if shared else [EVERYTHING]))
