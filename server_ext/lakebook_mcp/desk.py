"""Where an agent's tool calls are carried out: the home here, a server, or a request of a server's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from lakebook.client import Place, unwatched
from lakebook.verb import Request, Verb


class Desk(Protocol):
    """Carries verbs out for one caller; jobs are queued and answered with the job."""

    def carry_out(self, verb: Verb, request: Request) -> Any:
        """The verb's result, or its Job."""


class PlaceDesk:
    """The desk of one who opened a home or a server by its address."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def carry_out(self, verb: Verb, request: Request) -> Any:
        """The verb's result, or its Job."""
        return self._place.do(verb, request, background=True, watch=unwatched)


class RequestDesk:
    """The desk of one request: `carry` does the work under that request's principal."""

    def __init__(self, carry: Callable[[Verb, Request], Any]) -> None:
        self._carry = carry

    def carry_out(self, verb: Verb, request: Request) -> Any:
        """The verb's result, or its Job."""
        return self._carry(verb, request)
