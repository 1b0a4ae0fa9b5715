"""A limit that cuts between equals: seen by one row more, and said; the answer itself stays what was asked for."""

from __future__ import annotations

import pytest

from lakebook.query.answer import Answer
from lakebook.query.children.pool import Children
from lakebook.query.domain import Domain
from lakebook.query.read import Way, answered
from lakebook.query.reading import Aggregate, Having, Order, Reading
from lakebook.query.tables import Table
from lakebook.query.terms import Field
from lakebook.query.ties import TIED, TIED_WITHIN


def field(table: Table, name: str) -> Field:
    return Field(table, next(column for column in table.columns if column.name == name))


@pytest.fixture
def birds(shop: dict[str, Table]) -> Table:
    return shop["birds"]


def ran(reading: Reading, birds: Table, children: Children, row_limit: int = 10_000) -> Answer:
    return answered(reading, Domain((birds,)), Way(children, "a", row_limit))


def test_of_all_rows(birds: Table, children: Children) -> None:
    count, order = Aggregate("rows", birds), (Order(Aggregate("rows", birds), True),)
    tied = ran(Reading("", groups=(field(birds, "species"),), order=order, limit=1), birds, children)
    assert (tied.arrow().to_pylist(), tied.notes) == ([{"species": "Adelie"}], (TIED,))
    assert "LIMIT 1" in tied.sql
    clear = Reading("", figures=(count,), groups=(field(birds, "species"),), order=order, limit=2)
    answer = ran(clear, birds, children)
    assert (answer.arrow().num_rows, answer.arrow().num_columns, answer.notes) == (2, 2, ())


def within(birds: Table, limit: int, *, shown: bool = False) -> Reading:
    count, species = Aggregate("rows", birds), field(birds, "species")
    return Reading(
        "", figures=(count,) if shown else (), groups=(species, field(birds, "year")),
        order=(Order(count, True),), limit=limit, each=(species,),
    )  # fmt: skip


@pytest.mark.parametrize("shown", [False, True])
def test_within_each_group(birds: Table, children: Children, shown: bool) -> None:
    # Adelies: two in 2008, one in 2007. Gentoos: two in 2009, one in 2007. Chinstraps: one in 2007.
    first = ran(within(birds, 1, shown=shown), birds, children)
    rows = [(row["species"], row["year"]) for row in first.arrow().to_pylist()]
    assert (rows, first.notes) == ([("Adelie", 2008), ("Chinstrap", 2007), ("Gentoo", 2009)], ())
    assert first.arrow().num_columns == 2 + shown
    assert "<= 1" in first.sql


def test_groups_with_equals_are_counted(birds: Table, children: Children) -> None:
    island, sex, count = (
        field(birds, "island"),
        field(birds, "species"),
        Aggregate("distinct", birds, field(birds, "year")),
    )
    reading = Reading("", groups=(island, sex), order=(Order(count, True),), limit=1, each=(island,))
    answer = ran(reading, birds, children)
    # Dream: Adelies in two years, Chinstraps in one. Biscoe: Gentoos in two, Adelies in one.
    assert [tuple(row.values()) for row in answer.arrow().to_pylist()] == [("Biscoe", "Gentoo"), ("Dream", "Adelie")]
    assert answer.notes == ()
    most = Reading("", groups=(island, field(birds, "body_mass_g")), order=(Order(Aggregate("rows", birds), True),),
                   limit=2, each=(island,))  # fmt: skip
    tied = ran(most, birds, children)
    assert tied.arrow().num_rows == 4
    assert tied.notes == (TIED_WITHIN.format(tied=2, parts=2),)


def test_rows_that_are_only_looked_at_never_cut_an_answer_short(birds: Table, children: Children) -> None:
    answer = ran(within(birds, 1), birds, children, row_limit=3)
    assert (answer.arrow().num_rows, answer.truncated, answer.notes) == (3, False, ())


def test_of_rows_that_are_listed(birds: Table, children: Children) -> None:
    year, island = field(birds, "year"), field(birds, "island")
    # The lightest of each island weigh what nobody else does; of the earliest of each year there are several.
    lightest = Reading("", columns=(island, field(birds, "species")), order=(Order(field(birds, "body_mass_g")),),
                       limit=1, each=(island,))  # fmt: skip
    answer = ran(lightest, birds, children)
    assert [tuple(row.values()) for row in answer.arrow().to_pylist()] == [("Biscoe", "Adelie"), ("Dream", "Adelie")]
    assert answer.notes == ()
    tied = ran(Reading("", columns=(year, island), order=(Order(year),), limit=1, each=(year,)), birds, children)
    assert (tied.arrow().num_rows, tied.arrow().column_names) == (3, ["year", "island"])
    assert tied.notes == (TIED_WITHIN.format(tied=3, parts=3),)


def test_no_rows_at_all(birds: Table, children: Children) -> None:
    count, species = Aggregate("rows", birds), field(birds, "species")
    nobody = Reading("", groups=(species,), figures=(count,), having=(Having(count, ">", 100),),
                     order=(Order(count, True),), limit=2)  # fmt: skip
    answer = ran(nobody, birds, children)
    assert (answer.arrow().num_rows, answer.notes) == (0, ())
