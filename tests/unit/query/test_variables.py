"""A notebook's variables in a question: one value each, whatever the value says."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakebook.errors import InvalidRequest
from lakebook.query.parse.words import tokens
from lakebook.query.variables import filled


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("France", '"France"'),
        ('6" nails', "“6\" nails”"),
        (3, "3"),
        (-2.50, "-2.5"),
        (1e21, "1000000000000000000000"),
        (Decimal("12.30"), "12.30"),
        (np.int64(7), "7"),
        (np.float64(0.5), "0.5"),
        (np.str_("Oslo"), '"Oslo"'),
        (datetime.date(2011, 3, 5), "2011-03-05"),
        (datetime.datetime(2011, 3, 5), "2011-03-05"),
        (pd.Timestamp("2011-03-05"), "2011-03-05"),
    ],
    ids=str,
)  # fmt: skip
def test_values(value: Any, said: str) -> None:
    assert filled("sales over {it} in {it}", {"it": value}) == f"sales over {said} in {said}"


@pytest.mark.parametrize(
    "value",
    [None, True, [1], {"a": 1}, float("nan"), float("inf"), "", "  ", '" “ ‘', datetime.datetime(2011, 3, 5, 12, 1)],
    ids=repr,
)
def test_what_is_no_single_value_is_refused(value: Any) -> None:
    with pytest.raises(InvalidRequest, match=r"\bit\b|'it'"):
        filled("sales over {it}", {"it": value})


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(InvalidRequest, match="no variable 'country'"):
        filled("sales in {country}", {})


@pytest.mark.parametrize("question", ["sales {", "sales {}", "sales {1}", "sales {a b}", "sales in {a.b}"])
def test_other_braces_are_left_alone(question: str) -> None:
    assert filled(question, {}) == question


@given(st.text(min_size=1).filter(lambda text: text.strip() and not set(text) & set('"“”‘’')))
def test_any_text_is_one_token(text: str) -> None:
    said = tokens(filled("sales in {it} by month", {"it": text}))
    assert [token.kind for token in said] == ["word", "word", "text", "word", "word"]
