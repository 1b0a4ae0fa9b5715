"""Which version answers which question: shares by weight, sticky by key, and the shadows that answer unheard."""

from __future__ import annotations

import hashlib
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lakebook import names
from lakebook.errors import NotFound
from lakebook.ids import is_id, new_id, now, rfc3339

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from lakebook.call import Call
    from lakebook.metadata.database import Database

# How long a setting is believed before it is read again: a new one is in force everywhere after so many seconds.
BELIEVED_SECONDS = 1.0


@dataclass(frozen=True)
class Arm:
    """A version that answers a share of the questions; `reference` is its name and number for people."""

    model_id: str
    reference: str
    weight: float


@dataclass(frozen=True)
class Route:
    """Who answers for a name. A test lasts while its versions stay the same, whatever their weights."""

    name: str
    test_id: str
    arms: tuple[Arm, ...]
    shadows: tuple[Arm, ...]
    created_at: str
    user_id: str
    ended_at: str | None = None

    @property
    def model_ids(self) -> set[str]:
        """All versions that answer, heard or unheard."""
        return {arm.model_id for arm in (*self.arms, *self.shadows)}


@dataclass(frozen=True)
class Choice:
    """Who answers one question: a model's reference, the ids of its shadows, and the test that it counts for."""

    reference: str
    shadows: tuple[str, ...] = ()
    test_id: str = ""


def arm_for(arms: Sequence[Arm], test_id: str, key: str | None) -> Arm:
    """The arm of this key: always the same in one test; where weights change, only keys that must move do.

    Weights sum to 1. Without a key chance decides.
    """
    point = random.random() if key is None else point_of(test_id, key)
    reached = 0.0
    for arm in arms:
        reached += arm.weight
        if point < reached:
            return arm
    return arms[-1]


def point_of(test_id: str, key: str) -> float:
    """The key's place in [0, 1): a hash, even over keys and independent from test to test."""
    digest = hashlib.blake2b(key.encode(), digest_size=8, key=test_id.encode()[:64]).digest()
    return (int.from_bytes(digest) >> 11) / (1 << 53)


class Routes:
    """The routes of all names, kept in the metadata database and believed for a second."""

    def __init__(self, database: Database, believed: float = BELIEVED_SECONDS) -> None:
        self._database, self._believed = database, believed
        self._lock = threading.Lock()
        self._known: dict[str, Route] = {}
        self._read_at = float("-inf")

    def choose(self, name: str, key: str | None = None) -> Choice:
        """Who answers for a model's plain name; a version, alias or id that was asked for answers itself."""
        if "@" in name or is_id(name):
            return Choice(name)
        route = self._current().get(names.key(name))
        if route is None:
            return Choice(name)
        arm = arm_for(route.arms, route.test_id, key)
        return Choice(arm.model_id, tuple(shadow.model_id for shadow in route.shadows), route.test_id)

    def in_force(self, name: str) -> Route | None:
        """The route of a name as it stands, None where the champion answers alone."""
        return self._read().get(names.key(name))

    def latest(self, name: str) -> Route:
        """The route in force, or else the one that ended last; NotFound where there never was one."""
        table = _table()
        statement = table.select().where(table.c.name_key == names.key(name)).order_by(table.c.route_id.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(statement).mappings().first()
        if row is None:
            raise NotFound(
                f"No test of {name!r} has been set up.", hint=f"Set one up: `models route {name} --to 1=0.8,2=0.2`."
            )
        return _route(row)

    def serving(self, model_id: str) -> Route | None:
        """A route in force in which this version answers, heard or unheard."""
        return next((route for route in self._read().values() if model_id in route.model_ids), None)

    def set(self, call: Call, name: str, arms: Sequence[Arm], shadows: Sequence[Arm]) -> Route:
        """Put a route in force in place of the one before; the test goes on where the versions are the same."""
        standing, stamp = self.in_force(name), rfc3339(now())
        goes_on = standing is not None and _versions(standing.arms) == _versions(arms)
        test_id = standing.test_id if standing is not None and goes_on else new_id()
        route = Route(name, test_id, tuple(arms), tuple(shadows), stamp, call.principal.user_id)
        values = {
            "route_id": new_id(), "name": name, "name_key": names.key(name), "test_id": test_id,
            "arms": [vars(arm) for arm in arms], "shadows": [vars(arm) for arm in shadows],
            "user_id": route.user_id, "created_at": stamp,
        }  # fmt: skip
        with self._database.write() as connection:
            _end(connection, name, stamp)
            connection.execute(_table().insert().values(**values))
        self._forget()
        return route

    def stop(self, name: str) -> Route:
        """End the route of a name: its champion answers alone again."""
        standing = self.in_force(name)
        if standing is None:
            raise NotFound(f"No route of {name!r} is in force.", hint="Its champion answers alone.")
        with self._database.write() as connection:
            _end(connection, name, rfc3339(now()))
        self._forget()
        return self.latest(name)

    def _current(self) -> dict[str, Route]:
        with self._lock:
            if time.monotonic() - self._read_at >= self._believed:
                self._known, self._read_at = self._read(), time.monotonic()
            return self._known

    def _forget(self) -> None:
        with self._lock:
            self._read_at = float("-inf")

    def _read(self) -> dict[str, Route]:
        table = _table()
        with self._database.read() as connection:
            rows = connection.execute(table.select().where(table.c.ended_at.is_(None))).mappings().all()
        return {row["name_key"]: _route(row) for row in rows}


def _versions(arms: Sequence[Arm]) -> list[str]:
    return [arm.model_id for arm in arms]


def _end(connection: Connection, name: str, stamp: str) -> None:
    table = _table()
    live = (table.c.name_key == names.key(name)) & table.c.ended_at.is_(None)
    connection.execute(table.update().where(live).values(ended_at=stamp))


def _route(row: Any) -> Route:
    arms, shadows = (tuple(Arm(**arm) for arm in row[part]) for part in ("arms", "shadows"))
    return Route(row["name"], row["test_id"], arms, shadows, row["created_at"], row["user_id"], row["ended_at"])


def _table() -> Any:
    from lakebook.metadata import schema

    return schema.model_route
