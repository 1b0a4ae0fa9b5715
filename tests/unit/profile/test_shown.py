"""What the profile verb shows besides the stored profile: changes since a version, personal data, at every door."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from lakebook.arguments import parser_of, request_of
from lakebook.call import Call
from lakebook.catalog.models import DataProfile, ProfileRequest
from lakebook.catalog.verbs import profile
from lakebook.display import text_of
from lakebook.errors import NotFound
from lakebook.ingest.table import TableHandle
from lakebook.profile.report import profile_of
from lakebook.profile_display import profile_html
from lakebook.verbs import BY_NAME


def put(call: Call, frame: pl.DataFrame) -> None:
    TableHandle(call, "orders").replace(frame)


def shown(call: Call, words: str) -> DataProfile:
    """The profile by the words of a shell or a cell."""
    verb = BY_NAME["profile"]
    request = request_of(verb, vars(parser_of(verb, "profile").parse_args(words.split())))
    assert isinstance(request, ProfileRequest)
    return profile(call, request)


def test_what_changed_since_a_version(call: Call) -> None:
    put(call, pl.DataFrame({"a": [1, 2, 3], "gone": ["x", "y", "z"]}))
    put(call, pl.DataFrame({"a": [1.5, 2.0, 3.0, 4.0]}))
    found = shown(call, "orders --against 1")
    assert found.against == 1
    assert [(change.column, change.kind) for change in found.changes] == [
        ("gone", "column_dropped"), ("a", "type_changed"), ("a", "mean_shift"), ("a", "values_new"),
        ("a", "values_vanished"), ("", "row_count"),
    ]  # fmt: skip
    assert "- since version 1: gone: The column is gone." in text_of(found)
    assert "<li>since version 1: 3 rows became 4.</li>" in profile_html(found)


def test_nothing_changed_is_said_too(call: Call) -> None:
    put(call, pl.DataFrame({"a": [1, 2]}))
    assert "- since version 1: nothing changed." in text_of(shown(call, "orders --against 1"))
    assert "since version" not in text_of(shown(call, "orders"))


def test_a_version_that_never_was_is_named(call: Call) -> None:
    put(call, pl.DataFrame({"a": [1, 2]}))
    with pytest.raises(NotFound, match="no version 7") as refused:
        shown(call, "orders --against 7")
    assert refused.value.hint == "It has: 1."


def test_fixes_are_written_below_their_issues(call: Call) -> None:
    put(call, pl.DataFrame({"a<b>": [1, 1, 2]}))
    assert "lb.table" not in text_of(shown(call, "orders"))
    found = shown(call, "orders --fixes")
    assert "    table = lb.table('orders').polars()\n" in text_of(found)
    assert "<pre>import lakebook\n" in profile_html(found)
    assert "lb.table(&#x27;orders&#x27;)" in profile_html(found)


def test_personal_data_is_an_issue_of_low_severity(call: Call) -> None:
    put(call, pl.DataFrame({"contact": ["ada@example.org", "grace@example.org"], "n": [1, 2]}))
    found = shown(call, "orders --fixes")
    personal = found.columns[0].personal
    assert personal is not None
    assert (personal.kind, personal.confidence) == ("email", 1.0)
    [issue] = [issue for issue in found.issues if issue.issue_type == "personal_data"]
    assert (issue.column, issue.severity, issue.spoils, issue.fix) == ("contact", "low", [], None)
    assert issue.description.startswith("Looks like e-mail addresses: ")
    assert found.columns[1].personal is None


@pytest.mark.parametrize(("count", "told"), [(4, False), (5, True)])
def test_numbers_are_card_numbers_only_in_numbers(count: int, told: bool) -> None:
    cards = [4111111111111111, 4012888888881881, 4222222222222, 5555555555554444, 5105105105105100][:count]
    column = {"name": "n", "data_type": "BIGINT", "null_count": 0, "unique_count": count,
              "top_values": [(str(card), 1) for card in cards]}  # fmt: skip
    found = profile_of(row_count=count, columns=[column], duplicate_rows=0, duplicate_groups=0, rejected_rows=0,
                       deviation_counts={})  # fmt: skip
    assert ("personal" in found["columns"][0]) is told


@pytest.mark.parametrize("file", ["penguins/penguins.csv", "reference/countries.csv", "reference/country_aliases.csv"])
def test_tables_without_people_raise_no_alarm(call: Call, shared: Path, file: str) -> None:
    put(call, pl.read_csv(shared / "data" / file, infer_schema_length=None))
    assert [column.name for column in shown(call, "orders").columns if column.personal] == []


def test_what_the_native_pass_tells_besides_is_shown() -> None:
    column = {"name": "n", "data_type": "BIGINT", "null_count": 0, "unique_count": 2, "zero_count": 0,
              "negative_count": 3, "quantiles": None, "patterns": [["9", 4]]}  # fmt: skip
    found = profile_of(row_count=9, columns=[column], duplicate_rows=0, duplicate_groups=0, rejected_rows=0,
                       deviation_counts={})["columns"][0]  # fmt: skip
    assert (found["zero_count"], found["negative_count"], found["patterns"]) == (0, 3, [["9", 4]])
    assert "quantiles" not in found
