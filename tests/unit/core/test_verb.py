"""What a verb is: its doors, its function, its preparation, and how results become plain data."""

from __future__ import annotations

from typing import Any, cast

import pytest
from pydantic import ValidationError

from lakebook.call import Call, JobSeat
from lakebook.errors import JobCancelled
from lakebook.verb import Listing, Request, Result, Verb, load, wire
from lakebook.verbs import VERBS


class Thing(Result):
    """A result of one field."""

    name: str


class Rich:
    """A value that says itself how it travels."""

    def wire(self) -> Thing:
        return Thing(name="wired")


def remember(call: Any, request: Request) -> tuple[Any, Request]:
    """Return what it was given."""
    return call, request


def facts(_call: Any, _request: Request) -> dict[str, Any]:
    """Facts to keep with a job."""
    return {"title": "thing"}


def verb(**given: Any) -> Verb:
    return Verb("thing", Request, Thing, f"{__name__}:remember", "Do a thing.", "POST", "/things", "read", **given)


@pytest.mark.parametrize(
    ("given", "doors"),
    [
        ({}, ("python", "rest", "cli", "mcp")),
        ({"magic": "%thing"}, ("python", "rest", "cli", "magic", "mcp")),
        ({"panel": True, "mcp": False}, ("python", "rest", "cli", "panel")),
        ({"magic": "%thing", "panel": True}, ("python", "rest", "cli", "magic", "panel", "mcp")),
    ],
)
def test_doors(given: dict[str, Any], doors: tuple[str, ...]) -> None:
    assert verb(**given).doors == doors


def test_a_function_is_found_by_its_address() -> None:
    assert load("lakebook.ids:new_id").__name__ == "new_id"
    with pytest.raises(AttributeError):
        load("lakebook.ids:nothing")
    with pytest.raises(ModuleNotFoundError):
        load("lakebook.nothing:new_id")


def test_only_a_verb_with_a_preparation_prepares(monkeypatch: pytest.MonkeyPatch) -> None:
    here = {"lakebook_test.verbs:facts": facts, "lakebook_test.verbs:remember": remember}
    monkeypatch.setattr("lakebook.verb.load", here.__getitem__)
    call, request = cast(Call, object()), Request()
    assert verb().prepared(call, request) == {}
    assert verb(prepare="lakebook_test.verbs:facts").prepared(call, request) == {"title": "thing"}
    plain = Verb("t", Request, Thing, "lakebook_test.verbs:remember", "Do.", "GET", "/t", "read")
    assert plain.run(call, request) == (call, request)


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValidationError):
        Request.model_validate({"colour": "red"})


def test_results_are_already_plain_and_rich_values_say_how() -> None:
    thing = Thing(name="a")
    assert wire(thing) is thing
    assert wire(Rich()) == Thing(name="wired")


def test_a_listing_is_a_sequence() -> None:
    listing = Listing[Thing](items=[Thing(name="a"), Thing(name="b")])
    assert len(listing) == 2
    assert listing[1].name == "b"
    assert [thing.name for thing in listing.rows()] == ["a", "b"]
    assert listing.model_dump() == {"items": [{"name": "a"}, {"name": "b"}]}
    with pytest.raises(IndexError):
        listing[2]


def test_cells_show_results_escaped() -> None:
    thing = Thing(name="<b>x</b>")
    assert "&lt;b&gt;x&lt;/b&gt;" in thing._repr_html_()
    assert "<b>" not in Listing[Thing](items=[thing])._repr_html_()


def test_consoles_show_results_as_text() -> None:
    class Printer:
        said = ""

        def text(self, text: str) -> None:
            self.said += text

    printer = Printer()
    Thing(name="x")._repr_pretty_(printer, False)
    assert printer.said == "name  x"


def test_seeds_addresses_and_own_ones_take_the_same_names() -> None:
    for one in VERBS:
        for _, path in one.seed:
            assert path.count("{") <= one.path.count("{") + 1
            assert path.startswith("/")


def test_a_call_says_progress_and_stops_when_cancelled(call: Call) -> None:
    said: list[tuple[float, str, dict[str, Any]]] = []
    asked = iter([False, True])
    watched = Call(
        call.runtime, call.principal, report_to=lambda *state: said.append(state), is_cancelled=lambda: next(asked),
        job=JobSeat("j", 1, {}),
    )  # fmt: skip
    watched.report(0.5, "half", rows=10)
    assert said == [(0.5, "half", {"rows": 10})]
    with pytest.raises(JobCancelled):
        watched.check()


def test_calls_have_request_ids_of_their_own(call: Call) -> None:
    other = Call(call.runtime, call.principal)
    assert other.request_id != call.request_id
    call.report(1.0, "nobody listens")
