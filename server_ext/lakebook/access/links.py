"""The token of a page's link: derived from a key of the home and the job that made it, so that it is stored nowhere."""

from __future__ import annotations

import base64
import hmac
import os
import secrets
from pathlib import Path
from typing import Any

KEY_FILE = "link.key"
MARK = "{link}"


def token_of(home: Path, job_id: str) -> str:
    """The 256-bit token of the link that this job makes; the same for the same home and job."""
    derived = hmac.digest(_key(home), job_id.encode(), "sha256")
    return base64.urlsafe_b64encode(derived).rstrip(b"=").decode()


def sealed(result: dict[str, Any], token: str) -> dict[str, Any]:
    """A job's result as it may be stored: a mark stands where the token stood."""
    return {name: value.replace(token, MARK) if isinstance(value, str) else value for name, value in result.items()}


def opened(result: dict[str, Any], home: Path, job_id: str) -> dict[str, Any]:
    """A stored result with the token put back where its mark stands."""
    if not any(isinstance(value, str) and MARK in value for value in result.values()):
        return result
    token = token_of(home, job_id)
    return {name: value.replace(MARK, token) if isinstance(value, str) else value for name, value in result.items()}


def _key(home: Path) -> bytes:
    """The home's key, made once; whoever comes second takes the first one's."""
    path = home / KEY_FILE
    if not path.exists():
        partial = path.with_name(f"{KEY_FILE}.{secrets.token_hex(8)}")
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(partial, path)
        except FileExistsError:
            pass
        finally:
            partial.unlink()
    return path.read_bytes()
