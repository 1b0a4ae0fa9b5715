"""Where semantic models are kept: each as the file it came from, everybody's or one person's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook import names
from lakebook.errors import NotFound
from lakebook.ids import new_id, now, rfc3339

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, RowMapping

    from lakebook.metadata.database import Database

EVERYBODY = ""


def kept(database: Database, user_id: str) -> Sequence[RowMapping]:
    """The models of everybody by name, and after them the words that are this person's own."""
    from lakebook.metadata.schema import semantic_model as table

    statement = table.select().where(table.c.owner.in_((EVERYBODY, user_id))).order_by(table.c.owner, table.c.name_key)
    with database.read() as connection:
        return connection.execute(statement).mappings().all()


def stamp(database: Database, user_id: str) -> tuple[tuple[str, int], ...]:
    """What changes whenever one of the models does: their ids and versions."""
    from sqlalchemy import select

    from lakebook.metadata.schema import semantic_model as table

    statement = select(table.c.model_id, table.c.version).where(table.c.owner.in_((EVERYBODY, user_id)))
    with database.read() as connection:
        return tuple(sorted((str(one), int(version)) for one, version in connection.execute(statement)))


def found(database: Database, user_id: str, reference: str) -> RowMapping:
    """The model of this id or name; one's own words before everybody's; NotFound with the nearest name."""
    rows = kept(database, user_id)
    wanted = [row for row in rows if row["model_id"] == reference or row["name_key"] == names.key(reference)]
    if not wanted:
        raise NotFound.named("semantic model", reference, [row["name"] for row in rows])
    return wanted[-1]


def put(connection: Connection, name: str, document: str, *, user_id: str, owner: str = EVERYBODY) -> str:
    """Keep a model under its name, in the place of an older one; returns its id."""
    from lakebook.metadata.schema import semantic_model as table

    moment = rfc3339(now())
    same = (table.c.owner == owner) & (table.c.name_key == names.key(name))
    before = connection.execute(table.select().where(same)).mappings().first()
    changed = {"name": name, "document": document, "user_id": user_id, "updated_at": moment}
    if before is not None:
        connection.execute(table.update().where(same).values(**changed, version=before["version"] + 1))
        return str(before["model_id"])
    model_id = new_id()
    connection.execute(
        table.insert().values(
            **changed, model_id=model_id, owner=owner, name_key=names.key(name), version=1, created_at=moment
        )
    )
    return model_id


def remove(connection: Connection, model_id: str) -> None:
    """Take a model away."""
    from lakebook.metadata.schema import semantic_model as table

    connection.execute(table.delete().where(table.c.model_id == model_id))


def own_words(connection: Connection, user_id: str, name: str) -> RowMapping | None:
    """The words that are this person's own, or None."""
    from lakebook.metadata.schema import semantic_model as table

    same = (table.c.owner == user_id) & (table.c.name_key == names.key(name))
    return connection.execute(table.select().where(same)).mappings().first()
