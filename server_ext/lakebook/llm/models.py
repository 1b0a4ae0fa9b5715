"""What the verbs over language models and the egress ledger take and give."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lakebook.verb import Positional, Request, Result

Which = Literal["local", "remote"]


class ModelsAskedRequest(Request):
    """Which language models there are."""


class LanguageModelSeat(Result):
    """A language model that is configured, and whether you let questions go there."""

    which: Which
    model: str
    address: str
    is_allowed: bool = Field(description="Whether you allowed questions to be sent there.")
    is_resting: bool = Field(description="Whether it failed several times and is left alone for a while.")
    is_refused: bool = Field(description="Whether lakebook is offline and the model is on another machine.")


class AllowRequest(Request):
    """The model that questions may, or may no longer, be sent to."""

    which: Annotated[Which, Positional()] = Field("local", description="The model here, or the one elsewhere.")


class ValuesRequest(Request):
    """A table, and whether values of its rows may be sent to a language model."""

    dataset: Annotated[str, Positional()] = Field(description="Id or name of the table.", min_length=1, max_length=255)
    deny: bool = Field(False, description="Send no values, as it is at first.")


class ValuesResult(Result):
    """Whether values of a table's rows may be sent to a language model."""

    dataset: str
    values_may_leave: bool


class EgressRequest(Request):
    """Which requests to list."""

    limit: int = Field(50, ge=1, le=1000, description="Most requests to list.")


class EgressIdRequest(Request):
    """One request of the ledger."""

    egress: Annotated[str, Positional()] = Field(description="Id of the request.", min_length=1, max_length=64)


class Egress(Result):
    """A request that left for a language model: where to, when, how large, and how it ended."""

    egress_id: str
    at: str
    address: str
    model: str
    purpose: str
    outcome: str
    query_id: str | None = None
    bytes_sent: int
    bytes_received: int
    tokens_in: int | None = None
    tokens_out: int | None = None
    price: str | None = Field(None, description="By the price table, in its currency; null where it names no price.")
    duration_ms: int


class EgressDetail(Egress):
    """A request that left, with exactly what was sent."""

    sent: str = Field(description="The body of the request, byte for byte; it is UTF-8.")
