"""What comes of asking a language model: a reply, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "unreachable",
    "timeout",
    "cancelled",
    "rate_limited",
    "server_error",
    "refused_key",
    "refused_request",
    "moved",
    "malformed",
    "empty",
    "refusal",
    "truncated",
    "too_long",
    "resting",
    "busy",
    "offline",
    "no_key",
    "missing",
]

SENTENCES: dict[Kind, str] = {
    "unreachable": "The language model at {where} cannot be reached.",
    "timeout": "The language model at {where} did not answer in {seconds:g} seconds.",
    "cancelled": "Asking the language model was cancelled.",
    "rate_limited": "The language model at {where} takes no more requests for now.",
    "server_error": "The language model at {where} failed.",
    "refused_key": "The language model at {where} does not accept the key.",
    "refused_request": "The language model at {where} does not take this request.",
    "moved": "The language model at {where} points to another address, which is not followed.",
    "malformed": "The language model at {where} answered with something that is no chat completion.",
    "empty": "The language model at {where} answered with nothing.",
    "refusal": "The language model at {where} refused to answer.",
    "truncated": "The language model at {where} stopped in the middle of its answer.",
    "too_long": "The language model at {where} answered with more than is read, and was cut off.",
    "resting": "The language model at {where} failed several times and is left alone for a while.",
    "busy": "Other questions keep the language model at {where} busy.",
    "offline": "The language model at {where} is on another machine, and lakebook is offline.",
    "no_key": "The key of the language model at {where} is not to be had.",
    "missing": "What speaks to the language model at {where} is not installed.",
}

# What says that the server is ill, and so counts for leaving it alone.
ILL: frozenset[Kind] = frozenset({"unreachable", "timeout", "server_error", "malformed", "too_long"})


@dataclass(frozen=True)
class Reply:
    """A model's text, whole, with the tokens it counted (None where it does not say) and the ledger's entry."""

    text: str
    tokens_in: int | None = None
    tokens_out: int | None = None
    egress_id: str = ""


@dataclass(frozen=True)
class NoReply:
    """Why a model gave nothing that can be used: a kind for programs, one sentence for people."""

    kind: Kind
    message: str
    egress_id: str = ""


def no_reply(kind: Kind, where: str, *, seconds: float = 0.0, egress_id: str = "") -> NoReply:
    """The outcome of this kind, in its sentence; `where` is the address as people know it."""
    return NoReply(kind, SENTENCES[kind].format(where=where, seconds=seconds), egress_id)
