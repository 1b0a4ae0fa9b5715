"""A language model as lakebook uses it: asked with a deadline, again only where that is safe, left alone when ill."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from lakebook.errors import MissingExtra, Unavailable
from lakebook.llm.breaker import Breaker
from lakebook.llm.endpoint import Endpoint, key_of
from lakebook.llm.ledger import Errand, Ledger
from lakebook.llm.outcomes import ILL, Kind, NoReply, Reply, no_reply
from lakebook.llm.wire import Ask, Ended, Message, ready, send

ATTEMPTS = 3
FIRST_WAIT_SECONDS = 0.5
# A server that asks for a longer wait is not waited for.
MOST_WAIT_SECONDS = 8.0
SIDE_BY_SIDE = 2


@dataclass
class _Sent:
    """What one attempt left in the ledger, and when it began."""

    started: float = field(default_factory=time.monotonic)
    egress_id: str = ""


class LanguageModel:
    """One endpoint with its ledger; at most `SIDE_BY_SIDE` questions at once, so that others are not starved."""

    def __init__(
        self,
        endpoint: Endpoint,
        ledger: Ledger,
        *,
        seconds: float,
        offline: bool = False,
        first_wait: float = FIRST_WAIT_SECONDS,
        breaker: Breaker | None = None,
    ) -> None:
        self.endpoint = endpoint
        self.breaker = breaker or Breaker()
        self._ledger = ledger
        self._seconds = seconds
        self._offline = offline
        self._first_wait = first_wait
        self._places = threading.BoundedSemaphore(SIDE_BY_SIDE)

    @property
    def name(self) -> str:
        """The rung that its answers come from."""
        return f"{self.which} model"

    @property
    def which(self) -> Literal["local", "remote"]:
        """Whether it is the model here or the one elsewhere."""
        return "local" if self.endpoint.is_local else "remote"

    @property
    def is_refused(self) -> bool:
        """Whether nothing may be sent there because lakebook is offline."""
        return self._offline and not self.endpoint.is_local

    def complete(
        self,
        messages: Sequence[Message],
        errand: Errand,
        *,
        temperature: float = 0.0,
        cancel: threading.Event | None = None,
    ) -> Reply | NoReply:
        """The model's reply, or why there is none; every request is in the ledger before it leaves."""
        if self.is_refused:
            return self._without("offline")
        if not self.breaker.allows():
            return self._without("resting")
        try:
            ready()
        except MissingExtra as error:
            return NoReply("missing", str(error))
        try:
            key = key_of(self.endpoint.key)
        except (Unavailable, MissingExtra) as error:
            return NoReply("no_key", f"{self._without('no_key').message} {error}")
        if not self._places.acquire(blocking=False):
            return self._without("busy")
        try:
            outcome = self._attempts(messages, errand, temperature, key, cancel)
        finally:
            self._places.release()
        if isinstance(outcome, NoReply) and outcome.kind in ILL:
            self.breaker.failed()
        elif isinstance(outcome, Reply) or outcome.kind != "cancelled":
            self.breaker.worked()
        return outcome

    def _attempts(
        self,
        messages: Sequence[Message],
        errand: Errand,
        temperature: float,
        key: str,
        cancel: threading.Event | None,
    ) -> Reply | NoReply:
        cancelled = cancel or threading.Event()
        deadline = time.monotonic() + self._seconds
        wait = self._first_wait
        for attempt in range(1, ATTEMPTS + 1):
            sent = _Sent()
            ask = Ask(messages, temperature, max(0.1, deadline - time.monotonic()))
            try:
                return self._once(ask, errand, key, sent, cancelled)
            except Ended as ended:
                pause = max(wait, ended.wait or 0.0)
                last = attempt == ATTEMPTS or time.monotonic() + pause >= deadline or pause > MOST_WAIT_SECONDS
                if last or not ended.again:
                    return self._without(ended.kind, sent.egress_id)
                if cancelled.wait(pause):
                    return self._without("cancelled", sent.egress_id)
                wait *= 2
        return self._without("unreachable")

    def _once(self, ask: Ask, errand: Errand, key: str, sent: _Sent, cancel: threading.Event) -> Reply:
        def leaving(body: bytes) -> None:
            sent.egress_id = self._ledger.leaving(self.endpoint, errand, body)

        outcome, got = "broken", None
        try:
            got = send(self.endpoint, key, ask, leaving, cancel)
            outcome = "replied"
            return Reply(got.text, *got.tokens, sent.egress_id)
        except Ended as ended:
            outcome = ended.kind
            raise
        finally:
            if sent.egress_id:
                self._ledger.ended(
                    sent.egress_id,
                    outcome,
                    received=got.received if got else 0,
                    seconds=time.monotonic() - sent.started,
                    tokens=got.tokens if got else (None, None),
                    model=self.endpoint.model,
                )

    def _without(self, kind: Kind, egress_id: str = "") -> NoReply:
        return no_reply(kind, self.endpoint.where, seconds=self._seconds, egress_id=egress_id)
