"""What was answered in a test, by key, and what came true of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lakebook.ids import now, rfc3339
from lakebook.ml.model_version import ModelVersion
from lakebook.ml.requests import Prediction

if TYPE_CHECKING:
    from lakebook.metadata.database import Database

# More evidence than any test needs; later answers are given, but not kept.
MOST_ANSWERS = 500_000
BLOCK = 500


@dataclass(frozen=True)
class Answered:
    """One answer of a test; `truth` is None until it is known."""

    key: str
    model_id: str
    is_shadow: bool
    prediction: Any
    truth: Any


def keep(
    database: Database, test_id: str, model: ModelVersion, keys: Sequence[str], predictions: Sequence[Prediction],
    is_shadow: bool,
) -> int:  # fmt: skip
    """Keep the answers to keys that this version has not answered before in the test; returns how many."""
    from sqlalchemy import func, select

    table, stamp = _table(), rfc3339(now())
    first = {str(key): answer for key, answer in zip(keys[::-1], list(predictions)[::-1], strict=True)}
    same = (table.c.test_id == test_id) & (table.c.model_id == model.model_id)
    with database.write() as connection:
        known = int(connection.execute(select(func.count()).where(table.c.test_id == test_id)).scalar_one())
        wanted = list(first)[: max(0, MOST_ANSWERS - known)]
        fresh = []
        for start in range(0, len(wanted), BLOCK):
            block = wanted[start : start + BLOCK]
            there = set(connection.execute(select(table.c.key).where(same, table.c.key.in_(block))).scalars())
            fresh += [key for key in block if key not in there]
        if fresh:
            connection.execute(
                table.insert(),
                [
                    {"test_id": test_id, "key": key, "model_id": model.model_id, "is_shadow": is_shadow,
                     "prediction": first[key].prediction, "score": first[key].confidence, "answered_at": stamp}
                    for key in fresh
                ],
            )  # fmt: skip
    return len(fresh)


def tell(database: Database, test_id: str, truths: Mapping[str, Any]) -> set[str]:
    """Keep what came true, over what was told before; returns the keys that nobody asked in this test."""
    from sqlalchemy import bindparam, select

    table, stamp, keys = _table(), rfc3339(now()), list(truths)
    known: set[str] = set()
    with database.write() as connection:
        for start in range(0, len(keys), BLOCK):
            block = keys[start : start + BLOCK]
            same = (table.c.test_id == test_id) & table.c.key.in_(block)
            known |= set(connection.execute(select(table.c.key).where(same).distinct()).scalars())
        if known:
            statement = (
                table.update()
                .where(table.c.test_id == test_id, table.c.key == bindparam("the_key"))
                .values(truth=bindparam("the_truth", type_=table.c.truth.type), told_at=stamp)
            )
            connection.execute(statement, [{"the_key": key, "the_truth": truths[key]} for key in sorted(known)])
    return set(keys) - known


def of_test(database: Database, test_id: str) -> list[Answered]:
    """Every answer of a test."""
    table = _table()
    with database.read() as connection:
        rows = connection.execute(table.select().where(table.c.test_id == test_id)).mappings()
        return [
            Answered(row["key"], row["model_id"], bool(row["is_shadow"]), row["prediction"],
                     row["truth"] if row["told_at"] else None)
            for row in rows
        ]  # fmt: skip


def _table() -> Any:
    from lakebook.metadata import schema

    return schema.model_answer
