"""Answers: frames, static bundles, what a declined question shows."""

from __future__ import annotations

import base64
from dataclasses import FrozenInstanceError
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from lakebook.query.answer import SHOWN_ROWS, Answer, without_decimals
from lakebook.query.travel import from_arrow, to_arrow, to_result


def answered(table: pa.Table, **more: Any) -> Answer:
    facts: dict[str, Any] = {
        "question": "revenue by country", "status": "answered", "source": "parser", "reading": "revenue by Country",
        "sql": "SELECT 1", "sentence": "Netherlands leads with 285,446.34.", "datasets": (("orders", 3),),
        "execution_time_ms": 37.6, "table": table,
    }  # fmt: skip
    return Answer(**{**facts, **more})


@pytest.fixture
def money() -> pa.Table:
    revenue = pa.array([Decimal("285446.34"), Decimal("263276.82"), None], pa.decimal128(18, 2))
    return pa.table({"Country": ["Netherlands", "EIRE", "<b>&"], "revenue": revenue})


class Text(HTMLParser):
    """The texts and the tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_pandas_frame_has_floats(money: pa.Table) -> None:
    frame = answered(money).df
    assert isinstance(frame, pd.DataFrame)
    assert frame["revenue"].dtype == "float64"
    assert frame["revenue"].tolist()[:2] == [285446.34, 263276.82]


def test_decimals_can_be_kept(money: pa.Table) -> None:
    assert answered(money).frame(decimals=True)["revenue"].tolist()[0] == Decimal("285446.34")
    assert answered(money).arrow() is money


def test_a_polars_frame_is_exact(money: pa.Table) -> None:
    frame = answered(money).polars()
    assert isinstance(frame, pl.DataFrame)
    assert frame["revenue"].to_list()[0] == Decimal("285446.34")


def test_wide_integers_become_int64_where_they_fit() -> None:
    fits = pa.table({"n": pa.array([Decimal(5), None], pa.decimal128(38, 0))})
    large = pa.table({"n": pa.array([Decimal(2**70)], pa.decimal128(38, 0))})
    assert without_decimals(fits).schema.field("n").type == pa.int64()
    assert without_decimals(large).column("n").to_pylist() == [float(2**70)]


@pytest.mark.parametrize("field", ["sql", "status", "table", "sentence"])
def test_an_answer_does_not_change(field: str, money: pa.Table) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(answered(money), field, "DROP")


def test_a_bundle_with_a_chart(money: pa.Table) -> None:
    bundle = answered(money)._repr_mimebundle_()
    assert list(bundle) == ["application/vnd.vegalite.v5+json", "image/png", "text/plain", "text/html"]
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert bundle["application/vnd.vegalite.v5+json"]["$schema"].endswith("/v5.json")
    assert bundle["text/plain"].startswith("revenue by Country\n3 rows\nNetherlands leads")


def test_a_bundle_can_be_asked_for_in_part(money: pa.Table) -> None:
    assert list(answered(money)._repr_mimebundle_(include=["text/html"])) == ["text/html"]
    assert "image/png" not in answered(money)._repr_mimebundle_(exclude=["image/png"])


def test_html_shows_what_it_must(money: pa.Table) -> None:
    page = Text(answered(money)._repr_mimebundle_()["text/html"])
    for text in ("revenue by Country", "285,446.34", "∅", "Netherlands leads with 285,446.34.", "<b>&"):
        assert text in page.texts
    assert any("orders v3" in text and "38 ms" in text for text in page.texts)
    assert not {"script", "style", "img", "link", "iframe", "b"} & set(page.tags)


def test_html_is_coloured_by_the_theme(money: pa.Table) -> None:
    page = answered(money)._repr_mimebundle_()["text/html"]
    assert "var(--jp-ui-font-color1," in page
    assert "http" not in page


def test_html_shows_the_first_rows_only() -> None:
    table = pa.table({"n": list(range(1000)), "m": ["x" * 500] * 1000})
    page = answered(table)._repr_mimebundle_()["text/html"]
    assert page.count("<tr>") == SHOWN_ROWS + 1
    assert "20 of 1,000 rows" in page
    assert "x" * 100 not in page
    assert "or more rows" in answered(table, truncated=True)._repr_mimebundle_()["text/html"]


def test_a_wide_result_is_cut() -> None:
    table = pa.table({f"c{number}": [1] for number in range(1000)})
    assert answered(table)._repr_mimebundle_()["text/html"].count("<th ") == 30


@pytest.mark.parametrize(
    "table",
    [
        pa.table({}),
        pa.table({"a": pa.array([], pa.int64())}),
        pa.table({"a": pa.array([None], pa.null())}),
        pa.table({"d": [date(2011, 1, 1)], "l": [[1, 2]], "s": [{"a": 1}], "b": [b"\x00"], "x": [float("nan")]}),
        pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]),
    ],
)
def test_any_result_can_be_shown(table: pa.Table) -> None:
    bundle = answered(table, sentence="")._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}


def test_a_statement_has_no_chart(money: pa.Table) -> None:
    assert answered(money, source="sql").chart is None


def declined(**more: Any) -> Answer:
    return Answer(question="q", status="declined", source="parser", **more)


def test_a_declined_answer_names_the_words() -> None:
    answer = declined(words=("churn",), suggestions=("how many rows",))
    assert repr(answer) == "I do not know what churn means here.\nThese work:\n  how many rows"
    bundle = answer._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert "<b>churn</b>" in bundle["text/html"]


def test_a_declined_answer_offers_its_readings() -> None:
    answer = declined(choices=("a", "b"), reason="The question can be meant in more than one way.")
    assert repr(answer).splitlines() == [
        "The question can be meant in more than one way.", "It could mean:", "  a", "  b",
    ]  # fmt: skip


def test_a_declined_answer_has_empty_frames() -> None:
    answer = declined(words=("x",))
    assert answer.df.empty
    assert answer.polars().is_empty()
    assert answer.arrow().num_rows == 0
    assert answer.chart is None


def test_words_cannot_carry_markup() -> None:
    page = declined(words=("<script>",), suggestions=("<img>",))._repr_mimebundle_()["text/html"]
    assert "<script>" not in page
    assert "<img>" not in page


def test_what_an_answer_says_of_itself_travels() -> None:
    told = Answer(
        "q", "answered", "parser", reading="rows of birds", sentence="Rows: 3.", notes=("Ties.",),
        traces=((6, 7, 0, "n"),), age_seconds=2.5, stale_since="2026-01-02T03:04:05Z", shape="none",
        table=pa.table({"n": [3]}),
    )  # fmt: skip
    again = from_arrow(to_arrow(told))
    for name in ("notes", "traces", "age_seconds", "stale_since", "shape", "sentence"):
        assert getattr(again, name) == getattr(told, name), name
    assert again.chart is None
    plain = to_result(told)
    assert (plain.notes, plain.traces, plain.age_seconds) == (["Ties."], [(6, 7, 0, "n")], 2.5)
    assert plain.stale_since == "2026-01-02T03:04:05Z"
    assert "Ties." in repr(told)
    assert "Ties." in told._repr_mimebundle_()["text/html"]
