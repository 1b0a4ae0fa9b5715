"""The egress ledger: the exact bytes of every request to a language model, written before they are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lakebook.errors import NotFound
from lakebook.ids import new_id, now, rfc3339

if TYPE_CHECKING:
    from lakebook.llm.endpoint import Endpoint
    from lakebook.metadata.database import Database

Prices = Mapping[str, tuple[Decimal, Decimal]]
TOKENS_OF_A_PRICE = 1_000_000


@dataclass(frozen=True)
class Errand:
    """Who asks a model, what for, and for which question."""

    user_id: str
    purpose: str
    query_id: str | None = None


class Ledger:
    """Appends one row for each request that leaves, and says how it ended."""

    def __init__(self, database: Database, prices: Prices | None = None) -> None:
        self._database = database
        self._prices = prices or {}

    def leaving(self, endpoint: Endpoint, errand: Errand, sent: bytes) -> str:
        """Write the request down before it is sent; returns its id. What cannot be written is not sent: it raises."""
        from lakebook.metadata import schema

        egress_id = new_id()
        with self._database.write() as connection:
            connection.execute(
                schema.egress.insert().values(
                    egress_id=egress_id,
                    user_id=errand.user_id,
                    at=rfc3339(now()),
                    address=endpoint.address,
                    model=endpoint.model,
                    purpose=errand.purpose,
                    query_id=errand.query_id,
                    outcome="sent",
                    sent=sent,
                    bytes_sent=len(sent),
                    bytes_received=0,
                    duration_ms=0,
                )
            )
        return egress_id

    def ended(
        self,
        egress_id: str,
        outcome: str,
        *,
        received: int,
        seconds: float,
        tokens: tuple[int | None, int | None] = (None, None),
        model: str = "",
    ) -> None:
        """Say how the request ended: its outcome, bytes received, seconds taken, tokens in and out."""
        from lakebook.metadata import schema

        table = schema.egress
        with self._database.write() as connection:
            connection.execute(
                table.update()
                .where(table.c.egress_id == egress_id)
                .values(
                    outcome=outcome,
                    bytes_received=received,
                    duration_ms=round(seconds * 1000),
                    tokens_in=tokens[0],
                    tokens_out=tokens[1],
                    price=self.price(model, *tokens),
                )
            )

    def were_for(self, egress_ids: Sequence[str], query_id: str) -> None:
        """Say which question of the history the requests were for."""
        from lakebook.metadata import schema

        table = schema.egress
        with self._database.write() as connection:
            connection.execute(table.update().where(table.c.egress_id.in_(egress_ids)).values(query_id=query_id))

    def price(self, model: str, tokens_in: int | None, tokens_out: int | None) -> str | None:
        """What the tokens cost by the price table, as decimal text; None where price or tokens are not known."""
        if model not in self._prices or tokens_in is None or tokens_out is None:
            return None
        cost_in, cost_out = self._prices[model]
        total = (cost_in * tokens_in + cost_out * tokens_out) / TOKENS_OF_A_PRICE
        return format(total.normalize(), "f")

    def newest(self, user_id: str, limit: int) -> list[dict[str, Any]]:
        """The person's newest requests, without their bytes."""
        from lakebook.metadata import schema

        table = schema.egress
        columns = [column for column in table.c if column.name != "sent"]
        statement = table.select().with_only_columns(*columns).where(table.c.user_id == user_id)
        with self._database.read() as connection:
            found = connection.execute(statement.order_by(table.c.egress_id.desc()).limit(limit))
            return [dict(row) for row in found.mappings()]

    def entry(self, user_id: str, egress_id: str) -> dict[str, Any]:
        """One of the person's requests with its exact bytes; NotFound where there is none."""
        from lakebook.metadata import schema

        table = schema.egress
        statement = table.select().where(table.c.egress_id == egress_id, table.c.user_id == user_id)
        with self._database.read() as connection:
            row = connection.execute(statement).mappings().first()
        if row is None:
            raise NotFound.named("request in the egress ledger", egress_id)
        return dict(row)
