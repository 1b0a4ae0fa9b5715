"""Requests that come at the same time: answered together, each by one version, none for another."""

from __future__ import annotations

import json
import queue
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from lakebook.errors import ModelFailed, NotFound, TooBusy
from lakebook.ml.lifecycle.routing import Choice
from lakebook.ml.model_version import Feature
from lakebook.ml.requests import Prediction
from lakebook.ml.serving.batcher import Answer, Asked, Batcher

FEATURES = [Feature(name="x", type="number")]


class Versions:
    """Predictors whose version n answers n times the row; `now` says which a plain name means."""

    def __init__(self) -> None:
        self.now = 1
        self.calls: list[int] = []
        self.recorded: list[tuple[int, int, list[str]]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()

    def choose(self, reference: str, key: str | None = None) -> Choice:
        if reference != "m":
            return Choice(reference)
        return Choice("m@2", test_id="test") if key == "second" else Choice(f"m@{self.now}")

    def meant(self, reference: str) -> Any:
        name, _, number = reference.partition("@")
        if name != "m":
            raise NotFound.named("model", name)
        model = SimpleNamespace(model_id=f"id{number}", name="m", version=int(number or 1), features=FEATURES)
        return SimpleNamespace(model=model, digest="", known=frozenset({"y"}))

    def answer(self, meant: Any, table: Any, *, explained: bool = False) -> Any:
        self.entered.set()
        assert self.gate.wait(30)
        self.calls.append(table.num_rows)
        values = table["x"].to_pylist()
        if 13.0 in values:
            raise ModelFailed("The model's process ended before it had answered.")
        if 14.0 in values:
            raise ZeroDivisionError
        found = [Prediction(prediction=value * meant.model.version) for value in values]
        strange = [row for row, value in enumerate(values) if value == 99]
        return found, {"port": strange} if strange else {}

    def record(self, meant: Any, table: Any, found: Any, choice: Any, keys: Any) -> None:
        self.recorded.append((meant.model.version, len(found), list(keys)))


class Mailbox:
    """Takes answers by name."""

    def __init__(self) -> None:
        self.came: queue.Queue[tuple[Any, Answer]] = queue.Queue()

    def asked(self, name: Any, rows: Any, **more: Any) -> Asked:
        body = json.dumps({"instances": rows}).encode()
        return Asked("mlflow", "application/json", body, lambda answer: self.came.put((name, answer)), **more)

    def take(self, count: int) -> dict[Any, Answer]:
        return dict(self.came.get(timeout=30) for _ in range(count))


def batching(versions: Any, **more: int) -> Batcher:
    """A batcher over these versions, with `m` for requests that name none."""
    return Batcher(versions, lambda: "m", **more)


@pytest.fixture
def versions() -> Versions:
    return Versions()


def said(answer: Answer) -> Any:
    return json.loads(answer.body)


def test_what_waits_is_asked_together_and_answered_apart(versions: Versions) -> None:
    box, batcher = Mailbox(), batching(versions, threads=1)
    versions.gate.clear()
    batcher.put(box.asked("first", [{"x": 1}]))
    assert versions.entered.wait(30)
    for number in range(20):
        batcher.put(box.asked(number, [{"x": number + 20}, {"x": -1}]))
    versions.gate.set()
    answers = box.take(21)
    batcher.close()
    assert versions.calls == [1, 40]
    assert all(said(answers[number]) == {"predictions": [number + 20.0, -1.0]} for number in range(20))
    assert {answer.model for answer in answers.values()} == {"m@1"}


def test_one_wrong_request_spoils_no_other(versions: Versions) -> None:
    box, batcher = Mailbox(), batching(versions, threads=1)
    batcher.put(box.asked("wrong", [{"x": "many"}]))
    batcher.put(box.asked("right", [{"x": 2, "y": 3}]))
    batcher.put(box.asked("nowhere", [{"x": 2}], reference="n"))
    batcher.put(box.asked("none", []))
    answers = box.take(4)
    batcher.close()
    assert (answers["wrong"].status, said(answers["wrong"])["error"]["details"]["field"]) == (400, "x")
    assert said(answers["wrong"])["error"]["message"] == "The field 'x' wants a number, but got 'many' (row 1)."
    assert (answers["right"].status, answers["nowhere"].status) == (200, 404)
    assert said(answers["none"]) == {"predictions": []}


@pytest.mark.parametrize(("value", "status"), [(13.0, 503), (14.0, 503)], ids=["refused", "broken"])
def test_a_model_that_fails_fails_its_own_requests_in_the_shape_of_errors(
    versions: Versions, value: float, status: int
) -> None:
    box, batcher = Mailbox(), batching(versions, threads=1)
    batcher.put(box.asked("failed", [{"x": value}]))
    failed = box.take(1)["failed"]
    batcher.put(box.asked("after", [{"x": 3}]))
    assert said(box.take(1)["after"]) == {"predictions": [3.0]}
    batcher.close()
    assert failed.status == status
    assert said(failed)["error"].keys() == {"code", "message", "hint", "details", "request_id", "timestamp"}
    assert "ZeroDivision" not in failed.body.decode()


def test_past_its_room_a_request_is_told_to_come_back(versions: Versions) -> None:
    box, batcher = Mailbox(), batching(versions, waiting=2, threads=1)
    versions.gate.clear()
    batcher.put(box.asked("first", [{"x": 1}]))
    assert versions.entered.wait(30)
    batcher.put(box.asked("second", [{"x": 1}]))
    batcher.put(box.asked("third", [{"x": 1}]))
    with pytest.raises(TooBusy) as refused:
        batcher.put(box.asked("fourth", [{"x": 1}]))
    assert (refused.value.status, refused.value.code) == (429, "too_busy")
    versions.gate.set()
    assert set(box.take(3)) == {"first", "second", "third"}
    batcher.close()


def test_a_switch_under_load_loses_no_request_and_mixes_no_answer(versions: Versions) -> None:
    box, batcher = Mailbox(), batching(versions, waiting=4096)

    def ask(start: int) -> None:
        for x in range(start, start + 25):
            batcher.put(box.asked(x, [{"x": x}]))

    clients = [threading.Thread(target=ask, args=(start,)) for start in range(100, 1700, 25)]
    for number, client in enumerate(clients):
        versions.now = 1 + number // 32
        client.start()
    answers = box.take(64 * 25)
    batcher.close()
    assert {answer.status for answer in answers.values()} == {200}
    for x, answer in answers.items():
        assert answer.model is not None
        assert said(answer) == {"predictions": [x * float(answer.model.removeprefix("m@"))]}
    assert {answer.model for answer in answers.values()} == {"m@1", "m@2"}


def test_keys_choose_the_version_and_are_recorded(versions: Versions) -> None:
    box, batcher = Mailbox(), batching(versions, threads=1)
    batcher.put(box.asked("one", [{"x": 5}], key="second"))
    batcher.put(box.asked("two", [{"x": 5}, {"x": 6}], key="other"))
    answers = box.take(2)
    batcher.close()
    assert (said(answers["one"]), answers["one"].model) == ({"predictions": [10.0]}, "m@2")
    assert sorted(versions.recorded) == [(1, 2, []), (2, 1, ["second"])]


def test_a_strange_word_is_told_to_who_sent_it(versions: Versions) -> None:
    box, batcher = Mailbox(), batching(versions, threads=1)
    versions.gate.clear()
    batcher.put(box.asked("first", [{"x": 1}]))
    assert versions.entered.wait(30)

    def own(name: str, rows: list[dict[str, int]]) -> Asked:
        body = json.dumps({"model": "m", "features": rows}).encode()
        return Asked("lakebook", "application/json", body, lambda answer: box.came.put((name, answer)))

    batcher.put(own("plain", [{"x": 1}]))
    batcher.put(own("strange", [{"x": 1}, {"x": 99}]))
    versions.gate.set()
    answers = box.take(3)
    batcher.close()
    assert said(answers["plain"])["warnings"] == []
    assert said(answers["strange"])["warnings"] == [
        "Words that the model did not learn, taken as unknown: port (1 of 2 rows)."
    ]
