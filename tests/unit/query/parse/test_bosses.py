"""Who works under whom: a table that leads to itself, asked from above and from below."""

from __future__ import annotations

import pytest

from lakebook.query.reading import Declined, Reading
from lakebook.query.write import write
from tests.unit.query.parse.worlds import OFFICE, read, said

BELOW = "first_name, last_name of staff, boss first_name = Mona, boss last_name = Lindqvist"


@pytest.mark.parametrize(
    "question",
    [
        "who reports to Mona Lindqvist?",
        "which people report to Mona Lindqvist",
        "staff managed by Mona Lindqvist",
        "list the staff whose boss is Mona Lindqvist",
    ],
)
def test_those_below_somebody(question: str) -> None:
    assert said(question, OFFICE) == BELOW


def test_those_below_somebody_are_counted() -> None:
    counted = "rows of staff, boss first_name = Mona, boss last_name = Lindqvist"
    assert said("how many people report to Mona Lindqvist?", OFFICE) == counted


def test_the_condition_is_on_the_boss_and_not_on_the_row() -> None:
    understood = read("who reports to Mona Lindqvist?", OFFICE)
    assert isinstance(understood, Reading)
    sql = " ".join(write(understood, OFFICE).split())
    assert "JOIN bronze.staff" in sql
    assert sql.count("Mona") == sql.count("Lindqvist") == 1


@pytest.mark.parametrize("question", ["who reports to Mona Unknownname?", "who reports to the weather?"])
def test_nobody_known_is_nobody(question: str) -> None:
    assert isinstance(read(question, OFFICE), Declined)
