"""Every way in which a language model's server can answer or fail is one typed outcome with one sentence."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from lakebook.errors import Unavailable
from lakebook.llm.breaker import Breaker
from lakebook.llm.endpoint import Endpoint, local_endpoint
from lakebook.llm.language_model import LanguageModel
from lakebook.llm.ledger import Errand
from lakebook.llm.outcomes import NoReply, Reply
from lakebook.runtime import Runtime, open_runtime
from tests.unit.llm.scripted import (
    Act,
    Server,
    breaks_off,
    completion,
    drops,
    goes_on,
    hangs,
    says,
    scripted,
    sends,
    set_when_asked,
)

ASKED = ({"role": "user", "content": "how many?"},)


@dataclass
class Clock:
    """A clock that the test moves."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Desk:
    """A model of the test's own, with the runtime's ledger."""

    runtime: Runtime
    errand: Errand
    clock: Clock = field(default_factory=Clock)

    def model(self, server: Server, *, seconds: float = 5.0) -> LanguageModel:
        """A model at this server; waits are short."""
        return self.at(local_endpoint(server.address, "tiny", ""), seconds=seconds)

    def at(self, endpoint: Endpoint, *, offline: bool = False, seconds: float = 5.0) -> LanguageModel:
        """A model at this endpoint."""
        breaker = Breaker(clock=self.clock)
        return LanguageModel(
            endpoint, self.runtime.egress, seconds=seconds, offline=offline, first_wait=0.01, breaker=breaker
        )


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    runtime = open_runtime(tmp_path_factory.mktemp("outcomes") / "home", upgrade=True)
    yield runtime
    runtime.close()


@pytest.fixture
def desk(opened: Runtime, request: pytest.FixtureRequest) -> Desk:
    """Each test asks as somebody else, so that its part of the ledger is its own."""
    return Desk(opened, Errand(str(request.node.name), "ask"))


def kind_of(outcome: Reply | NoReply) -> str:
    return outcome.kind if isinstance(outcome, NoReply) else "reply"


def test_a_reply_comes_whole_with_its_tokens(desk: Desk) -> None:
    with scripted(says("SELECT 1")) as server:
        outcome = desk.model(server).complete(ASKED, desk.errand)
    assert isinstance(outcome, Reply)
    assert (outcome.text, outcome.tokens_in, outcome.tokens_out) == ("SELECT 1", 11, 7)


OUTCOMES: dict[str, tuple[Act, str, int]] = {
    "rate limited": (sends(b"{}", 429), "rate_limited", 3),
    "rate limited for long": (sends(b"{}", 429, retry_after="3600"), "rate_limited", 1),
    "server error": (sends(b"{}", 500), "server_error", 3),
    "an endless error": (goes_on(500), "server_error", 3),
    "wrong key": (sends(b"{}", 401), "refused_key", 1),
    "forbidden": (sends(b"{}", 403), "refused_key", 1),
    "refused request": (sends(b"{}", 400), "refused_request", 1),
    "redirect": (sends(b"", 307, location="http://127.0.0.1:9/v1/chat/completions"), "moved", 1),
    "redirect to elsewhere": (sends(b"", 302, location="http://example.org/"), "moved", 1),
    "dead connection": (drops, "unreachable", 1),
    "broken off": (breaks_off, "unreachable", 1),
    "endless": (goes_on(), "too_long", 1),
    "no JSON": (sends(b"<html>hello</html>", content_type="text/html"), "malformed", 1),
    "half JSON": (sends(b'{"choices": ['), "malformed", 1),
    "no bytes": (sends(b""), "malformed", 1),
    "deep JSON": (sends(b"[" * 200_000), "malformed", 1),
    "not UTF-8": (sends(b'{"choices": "\xff\xfe"}'), "malformed", 1),
    "a list": (sends(b"[]"), "malformed", 1),
    "a text": (sends(b'"SELECT 1"'), "malformed", 1),
    "no choices": (sends(b"{}"), "malformed", 1),
    "choices of another type": (sends(b'{"choices": {"0": 1}}'), "malformed", 1),
    "a choice without message": (sends(b'{"choices": [{}]}'), "malformed", 1),
    "a choice that is a number": (sends(b'{"choices": [3]}'), "malformed", 1),
    "content of another type": (says({"sql": "SELECT 1"}), "malformed", 1),
    "empty choices": (sends(b'{"choices": []}'), "empty", 1),
    "no content": (says(None), "empty", 1),
    "blank content": (says("  \n"), "empty", 1),
    "refusal": (says(None, refusal="I cannot"), "refusal", 1),
    "filtered": (says("SELECT", finish="content_filter"), "refusal", 1),
    "truncated": (says("SELECT Country, sum(", finish="length"), "truncated", 1),
    "packed": (sends(gzip.compress(json.dumps(completion("SELECT 1")).encode()), content_encoding="gzip"),
               "malformed", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", list(OUTCOMES))
def test_every_outcome_has_its_kind_and_its_sentence(desk: Desk, name: str) -> None:
    act, kind, requests = OUTCOMES[name]
    with scripted(act) as server:
        outcome = desk.model(server).complete(ASKED, desk.errand)
        asked = len(server.bodies)
        where = server.address.split("/")[2]
    assert isinstance(outcome, NoReply)
    assert (outcome.kind, asked) == (kind, requests)
    assert outcome.message.endswith(".")
    assert where in outcome.message
    entries = desk.runtime.egress.newest(desk.errand.user_id, 10)
    assert [entry["outcome"] for entry in entries] == [kind] * requests


def test_odd_counts_of_tokens_are_no_counts(desk: Desk) -> None:
    with scripted(says("x", usage={"prompt_tokens": "many", "completion_tokens": -1}), says("x", usage=[])) as server:
        model = desk.model(server)
        outcomes = [model.complete(ASKED, desk.errand) for _ in range(2)]
    assert [(each.tokens_in, each.tokens_out) for each in outcomes if isinstance(each, Reply)] == [(None, None)] * 2


def test_a_server_that_recovers_is_asked_again(desk: Desk) -> None:
    with scripted(sends(b"", 429, retry_after="0"), sends(b"", 503), says("SELECT 1")) as server:
        assert kind_of(desk.model(server).complete(ASKED, desk.errand)) == "reply"
    assert [entry["outcome"] for entry in desk.runtime.egress.newest(desk.errand.user_id, 5)] == [
        "replied",
        "server_error",
        "rate_limited",
    ]


def test_nobody_at_the_port_is_unreachable(desk: Desk) -> None:
    with scripted() as server:
        model = desk.model(server)
    outcome = model.complete(ASKED, desk.errand)
    assert kind_of(outcome) == "unreachable"


def test_a_server_that_hangs_is_left_in_time(desk: Desk) -> None:
    with scripted(hangs) as server:
        started = time.monotonic()
        outcome = desk.model(server, seconds=0.4).complete(ASKED, desk.errand)
        assert time.monotonic() - started < 3
        assert server.gone.wait(5)
    assert kind_of(outcome) == "timeout"
    assert isinstance(outcome, NoReply)
    assert "0.4 seconds" in outcome.message


def test_to_cancel_closes_the_connection(desk: Desk) -> None:
    cancel = threading.Event()
    with scripted(hangs) as server:
        setter = set_when_asked(server, cancel)
        outcome = desk.model(server).complete(ASKED, desk.errand, cancel=cancel)
        assert server.gone.wait(5)
        setter.join()
    assert kind_of(outcome) == "cancelled"


def test_to_cancel_ends_the_wait_between_attempts(desk: Desk) -> None:
    cancel = threading.Event()
    with scripted(sends(b"", 429, retry_after="4")) as server:
        setter = set_when_asked(server, cancel)
        started = time.monotonic()
        outcome = desk.model(server, seconds=30).complete(ASKED, desk.errand, cancel=cancel)
        setter.join()
    assert kind_of(outcome) == "cancelled"
    assert time.monotonic() - started < 3


def test_a_server_that_fails_again_and_again_is_left_alone(desk: Desk) -> None:
    with scripted(goes_on()) as server:
        model = desk.model(server)
        kinds = [kind_of(model.complete(ASKED, desk.errand)) for _ in range(4)]
        assert kinds == ["too_long", "too_long", "too_long", "resting"]
        assert len(server.bodies) == 3
        desk.clock.now += 31
        server.acts = [says("SELECT 1")]
        assert kind_of(model.complete(ASKED, desk.errand)) == "reply"
        assert not model.breaker.is_open


def test_the_breaker_lets_one_through_after_its_rest() -> None:
    clock = Clock()
    breaker = Breaker(failures=2, rest=10, clock=clock)
    breaker.failed()
    assert breaker.allows()
    breaker.failed()
    assert (breaker.is_open, breaker.allows()) == (True, False)
    clock.now = 10
    assert [breaker.allows(), breaker.allows()] == [True, False]
    breaker.worked()
    assert [breaker.allows(), breaker.allows()] == [True, True]


def test_no_more_than_two_wait_for_one_model(desk: Desk) -> None:
    cancel = threading.Event()
    with scripted(hangs) as server:
        model = desk.model(server, seconds=20)
        waiting = [
            threading.Thread(target=model.complete, args=(ASKED, desk.errand), kwargs={"cancel": cancel})
            for _ in range(2)
        ]
        for thread in waiting:
            thread.start()
        while len(server.bodies) < 2:
            server.asked.wait(0.01)
        outcome = model.complete(ASKED, desk.errand)
        cancel.set()
        for thread in waiting:
            thread.join()
    assert kind_of(outcome) == "busy"


def test_it_works_where_an_event_loop_runs(desk: Desk) -> None:
    import asyncio

    async def inside() -> Reply | NoReply:
        return desk.model(server).complete(ASKED, desk.errand)

    with scripted(says("SELECT 1")) as server:
        assert kind_of(asyncio.run(inside())) == "reply"


def test_what_leaves_is_the_body_and_little_else(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "secret-organisation")
    monkeypatch.setenv("OPENAI_API_KEY", "secret-key")
    monkeypatch.setenv("http_proxy", "http://192.0.2.1:3128")
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:3128")
    with scripted(says("SELECT 1")) as server:
        outcome = desk.model(server).complete(ASKED, desk.errand)
    assert isinstance(outcome, Reply)
    assert set(server.headers[0]) == {
        "host", "content-length", "content-type", "accept", "authorization", "connection", "accept-encoding",
        "x-stainless-raw-response",
    }  # fmt: skip
    assert server.headers[0]["authorization"] == "Bearer none"
    kept = desk.runtime.egress.entry(desk.errand.user_id, outcome.egress_id)
    assert bytes(kept["sent"]) == server.bodies[0]
    assert json.loads(server.bodies[0]) == {
        "model": "tiny", "messages": list(ASKED), "temperature": 0.0, "max_tokens": 400,
    }  # fmt: skip


def test_what_cannot_be_written_down_is_not_sent(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> str:
        raise Unavailable("The metadata database does not answer.")

    monkeypatch.setattr(desk.runtime.egress, "leaving", full)
    with scripted(says("SELECT 1")) as server, pytest.raises(Unavailable):
        desk.model(server).complete(ASKED, desk.errand)
    assert server.bodies == []


def test_offline_refuses_another_machine_before_anything_is_sent(desk: Desk) -> None:
    elsewhere = Endpoint("https://models.example.org/v1", "big", "", is_local=False)
    outcome = desk.at(elsewhere, offline=True).complete(ASKED, desk.errand)
    assert kind_of(outcome) == "offline"
    assert desk.runtime.egress.newest(desk.errand.user_id, 5) == []


def test_offline_still_asks_the_model_here(desk: Desk) -> None:
    with scripted(says("SELECT 1")) as server:
        model = desk.at(local_endpoint(server.address, "tiny", ""), offline=True)
        assert kind_of(model.complete(ASKED, desk.errand)) == "reply"


def test_a_key_that_is_not_there_is_said(desk: Desk) -> None:
    with scripted(says("SELECT 1")) as server:
        model = desk.at(Endpoint(server.address, "tiny", "env:LB_NO_SUCH_KEY"))
        outcome = model.complete(ASKED, desk.errand)
    assert isinstance(outcome, NoReply)
    assert outcome.kind == "no_key"
    assert "env:LB_NO_SUCH_KEY" in outcome.message
    assert server.bodies == []
