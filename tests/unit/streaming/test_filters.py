"""Which rows a listener gets."""

from __future__ import annotations

from typing import Any

import pytest

from lakebook.streaming.filters import matches

ROW: dict[str, Any] = {
    "country": "Eire", "quantity": 6, "price": "2.50", "day": "2011-12-09", "gift": True, "note": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        ({}, True),
        ({"country": "Eire"}, True),
        ({"country": "eire"}, False),
        ({"country": "Eire", "quantity": 6}, True),
        ({"country": "Eire", "quantity": 7}, False),
        ({"country": ["Spain", "Eire"]}, True),
        ({"country": []}, False),
        ({"country": ["Spain", None]}, False),
        ({"quantity": 6.0}, True),
        ({"quantity": "6"}, True),
        ({"quantity": [1, 6]}, True),
        ({"price": 2.5}, True),
        ({"price": "2.50"}, True),
        ({"price": "2.5"}, False),
        ({"gift": True}, True),
        ({"gift": 1}, False),
        ({"gift": False}, False),
        ({"quantity": True}, False),
        ({"note": None}, True),
        ({"note": ""}, False),
        ({"missing": None}, True),
        ({"missing": "x"}, False),
        ({"missing": [None, "x"]}, True),
    ],
)
def test_values_and_lists(filters: dict[str, Any], passes: bool) -> None:
    assert matches(filters, ROW) is passes


@pytest.mark.parametrize(
    ("bounds", "passes"),
    [
        ({"quantity": {"min": 6}}, True),
        ({"quantity": {"max": 6}}, True),
        ({"quantity": {"min": 6, "max": 6}}, True),
        ({"quantity": {"min": 6.1}}, False),
        ({"quantity": {"max": 5}}, False),
        ({"quantity": {"min": "x"}}, False),
        ({"quantity": {"min": None, "max": 9}}, True),
        ({"price": {"min": 2.5, "max": 10}}, True),
        ({"price": {"min": 10}}, False),
        ({"price": {"max": 10}}, True),
        ({"day": {"min": "2011-12-01", "max": "2011-12-31"}}, True),
        ({"day": {"min": "2011-12-10"}}, False),
        ({"day": {"min": 3}}, False),
        ({"note": {"min": 0}}, False),
        ({"note": {"min": None}}, False),
        ({"missing": {"max": 9}}, False),
        ({"gift": {"min": 0, "max": 2}}, False),
        ({"quantity": {"min": 1, "most": 2}}, False),
    ],
)
def test_ranges(bounds: dict[str, Any], passes: bool) -> None:
    assert matches(bounds, ROW) is passes


def test_a_nested_value_can_be_asked_for_whole() -> None:
    row = {"where": {"city": "Cork"}, "tags": ["a"]}
    assert matches({"where": {"city": "Cork"}}, row)
    assert not matches({"where": {"city": "Dublin"}}, row)
    assert not matches({"tags": ["a"]}, row)


def test_neither_is_changed() -> None:
    filters = {"country": ["Eire"], "quantity": {"min": 1}}
    row = dict(ROW)
    assert matches(filters, row)
    assert filters == {"country": ["Eire"], "quantity": {"min": 1}}
    assert row == ROW
