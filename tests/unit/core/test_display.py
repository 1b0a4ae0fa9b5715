"""Results for people: words, aligned text, HTML tables; nothing hostile gets through."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import Field

from lakebook.catalog.models import ColumnProfile, DataProfile, QualityIssue
from lakebook.display import (
    columns_of,
    fields,
    fields_html,
    listing_html,
    said,
    table_html,
    table_text,
    text_of,
)
from lakebook.jobs.models import Job
from lakebook.profile_display import PROFILE_COLUMNS, issue_lines, profile_headline, profile_html, profile_rows
from lakebook.verb import Listing, Result

HOSTILE = "<img src=x onerror='alert(1)'>&\"</td></table><script>x</script>"
STAMP = "2026-01-01T12:34:56.000000Z"


class Small(Result):
    """A few fields."""

    first_name: str
    count: int = 0
    nothing: str | None = None
    empty: list[str] = Field(default_factory=list)


def profile(**given: Any) -> DataProfile:
    column = ColumnProfile(
        name="price_", label="price", data_type="DECIMAL(18,2)", null_count=5, null_percentage=12.34,
        unique_count=12345, min_value="0.10", max_value="9.99", mean=1234.5678,
        top_values=[("1.00", 4), ("2.00", 3), ("3.00", 2), ("4", 1)],
    )  # fmt: skip
    plain = {
        "dataset_id": "d", "name": "orders", "version": 2, "row_count": 541_909, "column_count": 1,
        "duplicate_rows": 5_268, "columns": [column], "quality_score": 0.834, "generated_at": STAMP,
        "issues": [
            QualityIssue(column="", issue_type="duplicates", severity="high", description="5,268 rows repeat."),
            QualityIssue(column="price", issue_type="outliers", severity="medium", description="Far off."),
        ],
    }  # fmt: skip
    return DataProfile.model_validate({**plain, **given})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (1234567, "1,234,567"),
        (-1234567, "-1,234,567"),
        (0.123456, "0.1235"),
        (12.0, "12"),
        (1234.5678, "1,234.57"),
        (float("nan"), "nan"),
        ("text", "text"),
        (STAMP, "2026-01-01 12:34 UTC"),
        ("2026-01-01", "2026-01-01"),
        ("ABCDEFGHIJTKLMNOPQRSTUVWXYZ", "ABCDEFGHIJTKLMNOPQRSTUVWXYZ"),
        ("2026-99-99T99:99:99.000000Z", "2026-99-99T99:99:99.000000Z"),
        (datetime(2026, 1, 1, 12, 34, tzinfo=UTC), "2026-01-01 12:34 UTC"),
        ([1, 2000], "1, 2,000"),
        (list("abcdefgh"), "a, b, c, d, e, f, g, h"),
        (list("abcdefghi"), "a, b, c, d, e, f, g, h …"),
        ([], ""),
        ((None, True), ", yes"),
        ({"rows": 1000, "ok": True}, "rows=1,000, ok=yes"),
        ([Small(first_name="a"), Small(first_name="b")], "2"),
        (1 + 2j, "(1+2j)"),
    ],
)
def test_a_value_in_words(value: Any, text: str) -> None:
    assert said(value) == text


def test_fields_that_say_nothing_are_left_out() -> None:
    assert fields(Small(first_name="Ada")) == [("first name", "Ada"), ("count", "0")]


def test_a_result_as_a_table() -> None:
    html = fields_html(Small(first_name=HOSTILE))
    assert html.count("<tr>") == 2
    assert "<thead>" not in html
    assert "first name" in html


def test_numbers_stand_to_the_right() -> None:
    html = table_html(("a", "b"), [["12", "twelve"], ["-1.5", "-x"], ["", "–"]])
    aligned = [part.split('"')[1].split("text-align:")[1].split(";")[0] for part in html.split("<td ")[1:]]
    assert aligned == ["right", "left", "right", "left", "left", "left"]
    assert html.count("<th ") == 2


@pytest.mark.parametrize(
    "html",
    [
        table_html((HOSTILE,), [[HOSTILE]]),
        fields_html(Small(first_name=HOSTILE)),
        listing_html(Listing[Small](items=[Small(first_name=HOSTILE)])),
        profile_html(
            profile(
                name=HOSTILE,
                issues=[QualityIssue(column=HOSTILE, issue_type="x", severity="low", description=HOSTILE)],
                columns=[
                    ColumnProfile(
                        name=HOSTILE, data_type=HOSTILE, null_count=0, null_percentage=0, unique_count=1,
                        min_value=HOSTILE, max_value=HOSTILE, top_values=[(HOSTILE, 1)],
                    )
                ],
            )
        ),
    ],
    ids=["table", "fields", "listing", "profile"],
)  # fmt: skip
def test_hostile_text_stays_text(html: str) -> None:
    assert "<img" not in html
    assert "<script" not in html
    assert "&lt;img" in html
    assert "alert(1)" in html


def test_a_table_in_text_is_aligned_and_cut() -> None:
    text = table_text(("name", "n"), [["a", "1"], ["b" * 60, "22"]])
    lines = text.split("\n")
    assert len(lines) == 3
    assert lines[2] == "b" * 47 + "…  22"
    assert lines[0].index("n", 4) == lines[1].index("1") == lines[2].index("22")
    assert all(line == line.rstrip() for line in lines)


@pytest.mark.parametrize(("names", "rows"), [((), []), ((), [["a", "b"]]), (("a",), [])])
def test_small_tables_in_text(names: tuple[str, ...], rows: list[list[str]]) -> None:
    assert table_text(names, rows).split() == [*names, *(text for row in rows for text in row)]


@pytest.mark.parametrize("text", ["two\nlines", "a\x1b[31mred", "a\rb", "a\tb", "a\x07b", "a\u2028b"])
def test_a_cell_of_text_stays_in_its_line(text: str) -> None:
    """Names and values come from files: they may not move the cursor or colour the terminal."""
    shown = table_text(("name", "n"), [[text, "1"]])
    assert len(shown.splitlines()) == 2
    assert all(character.isprintable() for character in shown.replace("\n", ""))


def test_a_listing_in_text_and_html() -> None:
    job = Job(
        job_id="j1", user_id="u", job_type="t", verb="ingest", title="a.csv", status="processing", progress=40,
        message="reading", created_at=STAMP, updated_at=STAMP,
    )  # fmt: skip
    listing = Listing[Job](items=[job])
    assert text_of(listing).splitlines() == [
        "title  verb    status      progress  message  job_id",
        "a.csv  ingest  processing  40        reading  j1",
    ]
    html = listing_html(listing)
    assert html.count("<tr>") == 2
    assert "job id" in html


def test_an_empty_listing_is_a_sentence() -> None:
    empty = Listing[Small](items=[])
    assert text_of(empty) == "Nothing here yet."
    assert listing_html(empty) == "<p>Nothing here yet.</p>"


def test_lists_show_the_chosen_fields_or_the_first_six() -> None:
    class Wide(Result):
        """Seven fields."""

        a: int = 1
        b: int = 1
        c: int = 1
        d: int = 1
        e: int = 1
        f: int = 1
        g: int = 1

    assert columns_of(Wide()) == tuple("abcdef")


def test_a_profile_in_one_line() -> None:
    assert profile_headline(profile()) == "orders: 541,909 rows · 1 column · 5,268 duplicate rows · quality 0.83"


def test_issues_name_their_column() -> None:
    assert issue_lines(profile()) == ["5,268 rows repeat.", "price: Far off."]


def test_a_profile_row_says_what_its_head_says() -> None:
    row = profile_rows(profile())[0]
    assert dict(zip(PROFILE_COLUMNS, row, strict=True)) == {
        "column": "price", "type": "DECIMAL(18,2)", "missing": "12.3 %", "distinct": "12,345", "min": "0.10",
        "max": "9.99", "mean": "1,235", "most frequent": "1.00, 2.00, 3.00",
    }  # fmt: skip


def test_a_profile_in_text_and_html() -> None:
    text = text_of(profile())
    assert text.splitlines()[1:3] == ["- 5,268 rows repeat.", "- price: Far off."]
    assert text.splitlines()[3].startswith("column  type")
    assert "</span> price: Far off.</li>" in profile_html(profile())


def test_what_knows_its_own_text_is_asked_for_it() -> None:
    class Spoken:
        def text(self) -> str:
            return "so it is"

    assert text_of(Spoken()) == "so it is"
    assert text_of(Small(first_name="Ada")) == "first name  Ada\ncount       0"
