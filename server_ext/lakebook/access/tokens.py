"""Tokens that lakebook mints itself: one per kernel, stored as a hash, revoked at the kernel's end."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from lakebook.access.principal import Principal
from lakebook.ids import new_id, now, rfc3339

if TYPE_CHECKING:
    from lakebook.runtime import Runtime

PREFIX = "lb_"


def mint(runtime: Runtime, principal: Principal, purpose: str) -> str:
    """A new token for this principal; `purpose` names what it is for, such as a kernel's id."""
    from lakebook.metadata import schema

    token = PREFIX + secrets.token_urlsafe(32)
    with runtime.database.write() as connection:
        connection.execute(
            schema.token.insert().values(
                token_id=new_id(),
                token_hash=digest(token),
                user_id=principal.user_id,
                purpose=purpose,
                created_at=rfc3339(now()),
            )
        )
    return token


def principal_of(runtime: Runtime, token: str) -> Principal | None:
    """Whose token this is, or None where it is not ours or was revoked."""
    if not token.startswith(PREFIX):
        return None
    from lakebook.metadata import schema

    table = schema.token
    statement = table.select().where(table.c.token_hash == digest(token), table.c.revoked_at.is_(None))
    with runtime.database.read() as connection:
        row = connection.execute(statement).mappings().first()
    return Principal(row["user_id"]) if row else None


def revoke(runtime: Runtime, purpose: str) -> int:
    """Revoke every token of this purpose; returns how many there were."""
    from lakebook.metadata import schema

    table = schema.token
    statement = table.update().where(table.c.purpose == purpose, table.c.revoked_at.is_(None))
    with runtime.database.write() as connection:
        return connection.execute(statement.values(revoked_at=rfc3339(now()))).rowcount


def digest(token: str) -> str:
    """The only form in which a token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()
