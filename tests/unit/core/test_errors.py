"""The tree of errors: one code and one status each, kept over the wire, insides never said."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from lakebook import errors
from lakebook.errors import (
    BadFile,
    Conflict,
    LakebookError,
    MissingExtra,
    NotFound,
    QueryFailed,
    QueryTimedOut,
    Reason,
    RefusedStatement,
    nearest_name,
)
from lakebook.received_error import from_dict


def tree(kind: type[LakebookError] = LakebookError) -> Iterator[type[LakebookError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from tree(child)


EVERY = pytest.mark.parametrize("kind", list(tree()), ids=lambda kind: kind.__name__)

STATUSES = {
    "invalid_request": 400, "unauthorized": 401, "forbidden": 403, "not_found": 404, "method_not_allowed": 405,
    "conflict": 409, "name_taken": 409, "lease_lost": 409, "cancelled": 409, "payload_too_large": 413,
    "bad_file": 422, "bad_model": 422, "bad_target": 422, "not_connected": 422, "several_ways": 422,
    "refused_statement": 422, "query_failed": 422, "query_timed_out": 504,
    "query_memory_exceeded": 507, "query_cancelled": 409, "model_tampered": 409, "model_failed": 503,
    "notebook_failed": 422, "missing_extra": 501, "unavailable": 503, "disk_full": 507, "home_unusable": 500,
    "too_busy": 429, "worker_died": 503, "internal": 500, "gone": 410, "wrong_version": 412, "wrong_media": 415,
    "checksum_mismatch": 460, "job_memory_exceeded": 507, "job_timed_out": 504, "contract_broken": 422,
    "schema_refused": 422,
}  # fmt: skip


def test_codes_and_statuses_are_those_that_programs_know() -> None:
    """Codes are part of the API: one that is renamed or dropped breaks somebody."""
    assert {kind.code: kind.status for kind in tree()} == STATUSES


def test_no_code_is_used_twice() -> None:
    codes = [kind.code for kind in tree()]
    assert sorted(codes) == sorted(set(codes))


@EVERY
def test_each_class_says_what_it_is(kind: type[LakebookError]) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code)
    assert 400 <= kind.status < 600
    assert kind.__doc__
    assert kind.default_hint or kind is MissingExtra
    assert kind.__module__ == errors.__name__


@EVERY
def test_each_class_survives_the_wire(kind: type[LakebookError]) -> None:
    sent = from_dict({"code": kind.code, "message": "It broke.", "hint": "Mend it.", "details": {"n": 1}})
    assert type(sent) is kind
    assert str(sent) == "It broke. Mend it."
    assert sent.args == ("It broke.",)
    assert from_dict(sent.to_dict()).to_dict() == sent.to_dict()


@pytest.mark.parametrize(
    ("given", "hint"),
    [(None, BadFile.default_hint), ("", ""), ("Do this.", "Do this.")],
    ids=["default", "none", "own"],
)
def test_hint_is_the_classs_unless_given(given: str | None, hint: str) -> None:
    error = BadFile("It is no table.", hint=given)
    assert error.hint == hint
    assert str(error) == f"It is no table. {hint}".strip()


def test_details_are_a_mapping_of_its_own() -> None:
    first, second = BadFile("a"), BadFile("b")
    first.details["x"] = 1
    assert second.details == {}


def test_unknown_code_is_still_an_error_with_its_words() -> None:
    """A newer server may know codes that this client does not."""
    error = from_dict({"code": "something_new", "message": "New trouble.", "hint": "Look there."})
    assert type(error) is LakebookError
    assert str(error) == "New trouble. Look there."


def test_an_empty_answer_is_an_error_too() -> None:
    assert from_dict({}).to_dict() == {"code": "internal", "message": "", "hint": "", "details": {}}


def test_reasons_of_a_refusal_survive_the_wire() -> None:
    error = RefusedStatement([Reason("No DELETE.", 1, 3), Reason("One statement.")])
    assert error.message == "No DELETE. One statement."
    again = from_dict(error.to_dict())
    assert isinstance(again, RefusedStatement)
    assert again.reasons == [Reason("No DELETE.", 1, 3), Reason("One statement.")]


def test_a_refusal_without_reasons_still_says_something() -> None:
    assert RefusedStatement([]).message == "This statement is refused."


def test_families_are_caught_by_their_root() -> None:
    with pytest.raises(Conflict):
        raise errors.NameTaken("taken")
    with pytest.raises(QueryFailed):
        raise QueryTimedOut("slow")


def test_a_missing_extra_names_the_command() -> None:
    error = MissingExtra.named("MLflow", "ml")
    assert str(error) == "MLflow is not installed. Install it with `pip install 'lakebook[ml]'`."


@pytest.mark.parametrize(
    ("name", "known", "nearest"),
    [
        ("ordres", ["orders", "customers"], "orders"),
        ("ORDERS", ["orders"], "orders"),
        ("straße", ["Strasse"], "Strasse"),
        ("zzz", ["orders", "customers"], None),
        ("orders", [], None),
        ("", ["orders"], None),
    ],
)
def test_nearest_name(name: str, known: list[str], nearest: str | None) -> None:
    assert nearest_name(name, known) == nearest


def test_not_found_asks_back_or_says_to_list() -> None:
    near = NotFound.named("dataset", "ordres", ["Orders"])
    assert near.hint == "Did you mean 'Orders'?"
    assert near.details == {"name": "ordres", "nearest": "Orders"}
    assert "list them" in NotFound.named("model", "zzz", ["orders"]).hint
