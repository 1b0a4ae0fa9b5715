"""A profile and a contract as people see them: nothing hostile, nothing that says less than it seems to."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lakebook.catalog.contract_models import Contract, Rule
from lakebook.catalog.models import (
    ColumnProfile,
    Correlation,
    DataProfile,
    Dependency,
    QualityIssue,
)
from lakebook.catalog.schema_models import DatasetSchema, SchemaColumn, SchemaVersion
from lakebook.display import text_of
from lakebook.profile_display import (
    distinct,
    frequent,
    issues_html,
    profile_headline,
    profile_html,
    profile_text,
    tie_lines,
)

HOSTILE = "<img src=x onerror='alert(1)'>\"</td><script>x</script>"
STAMP = "2026-01-01T00:00:00.000000Z"


def column(**given: Any) -> ColumnProfile:
    plain = {"name": "n", "data_type": "BIGINT", "null_count": 0, "null_percentage": 0.0, "unique_count": 3}
    return ColumnProfile.model_validate({**plain, **given})


def profile(**given: Any) -> DataProfile:
    plain = {"dataset_id": "d", "name": "orders", "version": 1, "row_count": 9, "column_count": 2, "duplicate_rows": 0,
             "columns": [column()], "quality_score": 1.0, "issues": [], "generated_at": STAMP}  # fmt: skip
    return DataProfile.model_validate({**plain, **given})


@pytest.mark.parametrize(
    ("score", "shown"), [(1.0, "1.00"), (0.9999, "0.99"), (0.29, "0.29"), (0.58, "0.58"), (0.0, "0.00")]
)
def test_only_what_is_perfect_is_called_so(score: float, shown: str) -> None:
    assert profile_headline(profile(quality_score=score)).endswith(f"quality {shown}")


def test_what_ties_the_columns_is_said_in_words() -> None:
    tied = profile(
        keys=[["id"], ["order", "line"]],
        dependencies=[Dependency(column="city", decides="country")],
        correlations=[Correlation(columns=["a", "b"], coefficient=0.953),
                      Correlation(columns=["a", "c"], coefficient=-0.9)],
    )  # fmt: skip
    lines = [
        "every row has its own id, or order and line",
        "city decides country",
        "a and b move together (correlation 0.95)",
        "a and c move against each other (correlation -0.90)",
    ]
    assert tie_lines(tied) == lines
    assert all(f"- {line}" in profile_text(tied) for line in lines)
    assert all(f"<li>{line}</li>" in profile_html(tied) for line in lines)
    assert tie_lines(profile()) == []


def test_values_that_come_once_are_not_frequent() -> None:
    assert frequent(column(top_values=[("a", 2), ("b", 1)])) == ["a"]
    assert frequent(column(top_values=[("a", 4), ("b", 3), ("c", 2), ("d", 2)])) == ["a", "b", "c"]


def test_an_estimate_is_marked() -> None:
    assert (distinct(column(unique_count=1234)), distinct(column(unique_count=9, unique_exact=False))) == (
        "1,234", "≈ 9",
    )  # fmt: skip


def test_issues_have_their_severity_and_with_a_fix_their_name() -> None:
    issues = [
        QualityIssue(column="a", issue_type="x", severity="high", description="Bad.", fix="1 < 2"),
        QualityIssue(column="", issue_type="y", severity="low", description="So so."),
    ]
    shown = issues_html(profile(issues=issues, ignored=["duplicates"]))
    assert 'title="high"' in shown
    assert ">" + " x:a</span><details><summary>Fix</summary><pre>1 &lt; 2</pre></details></li>" in shown
    assert "</span> So so.</li>" in shown
    assert "ignored: duplicates" in shown
    assert "- ignored: duplicates" in profile_text(profile(ignored=["duplicates"]))


@pytest.mark.parametrize(
    ("given", "bars"),
    [
        ({"histogram": [(0, 1, 5), (1, 2, 0), (2, 3, 10)]}, 3),
        ({"top_values": [("a", 5), ("b", 2)]}, 2),
        ({"top_values": [("a", 1), ("b", 1)]}, 0),
        ({"top_values": [("a", 5)]}, 0),
        ({}, 0),
    ],
    ids=["histogram", "values", "once-each", "one", "nothing"],
)
def test_the_spread_is_a_picture_of_bars(given: dict[str, Any], bars: int) -> None:
    shown = profile_html(profile(columns=[column(**given)]))
    assert shown.count("<rect") == bars
    assert shown.count("<svg") == (1 if bars else 0)


def test_a_rare_value_is_seen_and_a_missing_one_is_not() -> None:
    shown = profile_html(profile(columns=[column(histogram=[(0, 1, 1_000_000), (1, 2, 1), (2, 3, 0)])]))
    assert re.findall(r'height="([\d.]+)"/>', shown) == ["18.0", "1.0", "0.0"]


@pytest.mark.parametrize(
    ("nulls", "share", "said"), [(0, 0.0, "–"), (1, 0.001, "&lt; 0.1 %"), (50, 50.0, "50.0 %")], ids=str
)
def test_few_missing_values_are_not_none(nulls: int, share: float, said: str) -> None:
    assert said in profile_html(profile(columns=[column(null_count=nulls, null_percentage=share)]))


def test_long_values_are_cut_and_whole_when_pointed_at() -> None:
    shown = profile_html(profile(columns=[column(min_value="word " * 20)]))
    assert 'title="word word' in shown
    assert ">word word word word word …<" in shown


def test_nothing_hostile_gets_through() -> None:
    hostile = column(name=HOSTILE, label=HOSTILE, data_type=HOSTILE, min_value=HOSTILE, max_value=HOSTILE,
                     top_values=[(HOSTILE, 2), (HOSTILE, 2)], patterns=[(HOSTILE, 0.5)])  # fmt: skip
    issue = QualityIssue(column=HOSTILE, issue_type=HOSTILE, severity="low", description=HOSTILE, fix=HOSTILE)
    shown = profile_html(profile(name=HOSTILE, columns=[hostile], issues=[issue], ignored=[HOSTILE], keys=[[HOSTILE]]))
    assert "<img" not in shown
    assert "<script" not in shown
    assert not re.search(r'title="[^"]*"</td', shown)


def test_a_contract_is_a_table_of_rules() -> None:
    held = Rule(rule_id="unique:id", kind="unique", column="id", description="no value of id comes twice")
    could = Rule(rule_id="type:id", kind="type", column="id", description="id is BIGINT")
    contract = Contract(dataset_id="d", name="orders", rules=[held], ignored=["duplicates"], suggested=[could])
    lines = text_of(contract).splitlines()
    assert lines[0] == "contract of orders: 1 rule"
    assert [line.split()[0] for line in lines[1:]] == ["held", "ignored", "could"]
    assert "no value of id comes twice" in contract._repr_html_()
    assert text_of(Contract(dataset_id="d", name="x")) == "contract of x: 0 rules"


def test_a_schema_says_its_columns_and_what_changed() -> None:
    columns = [SchemaColumn(name="id", type="BIGINT")]
    first = SchemaVersion(
        number=1, version=1, columns=columns, change="the first schema", user_id="u", created_at=STAMP
    )
    found = DatasetSchema(
        dataset_id="d", name="orders", compatibility="full", number=1, columns=columns, versions=[first]
    )
    assert text_of(found).splitlines() == [
        "orders takes changes: full", "column  type", "id      BIGINT", "",
        "schema 1, from version 1: the first schema",
    ]  # fmt: skip
    assert "the first schema" in found._repr_html_()


def test_a_cell_shows_a_profile_as_the_magic_does() -> None:
    found = profile(columns=[column(name=HOSTILE)])
    assert found._repr_html_() == profile_html(found)
    assert "<script>" not in found._repr_html_()
