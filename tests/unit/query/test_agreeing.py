"""Readings whose rows are the same need no choice, in real children over small tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from lakebook.errors import NotConnected
from lakebook.query.agreeing import MOST_READINGS, SAME, agreed
from lakebook.query.answer import Answer
from lakebook.query.children.pool import Children
from lakebook.query.domain import Domain
from lakebook.query.read import Way, answered
from lakebook.query.reading import Aggregate, Among, Compare, Condition, Order, Reading
from lakebook.query.run import ask
from lakebook.query.tables import Table
from lakebook.query.terms import Field
from tests.unit.query.small_tables import stored

CHOICE = "The question can be meant in more than one way."
HEAVIER = "how many birds are heavier than the mean Gentoo female?"


def field(table: Table, name: str) -> Field:
    return Field(table, next(column for column in table.columns if column.name == name))


def rows(birds: Table, where: Condition | None = None, **more: Any) -> Reading:
    return Reading("", figures=(Aggregate("rows", birds),), where=where, **more)


def of_species(birds: Table, *names: str) -> Condition:
    return Among(field(birds, "species"), names)


@pytest.fixture
def birds(shop: dict[str, Table]) -> Table:
    return shop["birds"]


@pytest.fixture
def agreeing(birds: Table, children: Children) -> Any:
    def answer(readings: Sequence[Reading], **limits: Any) -> Answer | None:
        return agreed(readings, Domain((birds,)), Way(children, "a", **limits))

    return answer


def test_the_same_number_needs_no_choice(birds: Table, agreeing: Any) -> None:
    answer = agreeing([rows(birds, of_species(birds, "Gentoo")), rows(birds, of_species(birds, "Adelie"))])
    assert answer.arrow().to_pylist() == [{"number_of_birds": 3}]
    assert answer.notes == (SAME.format("rows of birds, species = Adelie"),)
    assert answer.reading == "rows of birds, species = Gentoo"


def test_notes_of_the_first_reading_stay_before(birds: Table, agreeing: Any) -> None:
    first = rows(birds, of_species(birds, "Gentoo"), notes=("'gentu' read as Gentoo.",))
    answer = agreeing([first, rows(birds, of_species(birds, "Adelie"))])
    assert answer.notes[0] == "'gentu' read as Gentoo."
    assert len(answer.notes) == 2


def test_readings_in_the_same_words_are_named_once(birds: Table, agreeing: Any) -> None:
    gentoos, adelies = (rows(birds, of_species(birds, name)) for name in ("Gentoo", "Adelie"))
    answer = agreeing([gentoos, adelies, adelies])
    assert answer.notes == (SAME.format("rows of birds, species = Adelie"),)


def test_other_numbers_need_a_choice(birds: Table, agreeing: Any) -> None:
    gentoos, chinstraps = (rows(birds, of_species(birds, name)) for name in ("Gentoo", "Chinstrap"))
    assert agreeing([gentoos, chinstraps]) is None
    assert agreeing([gentoos, rows(birds, of_species(birds, "Adelie")), chinstraps]) is None


@pytest.mark.parametrize(("number", "same"), [(0, False), (1, False), (2, True), (MOST_READINGS, True), (5, False)])
def test_two_to_four_readings_are_tried(number: int, same: bool, birds: Table, agreeing: Any) -> None:
    assert (agreeing([rows(birds)] * number) is not None) is same


def test_nothing_agrees_with_nothing(birds: Table, agreeing: Any) -> None:
    heaviest = Aggregate("max", birds, field(birds, "body_mass_g"))
    empty = [Reading("", figures=(heaviest,), where=of_species(birds, name)) for name in ("Emperor", "King")]
    assert agreeing(empty) is None
    none = [Reading("", columns=(field(birds, "species"),), where=each.where) for each in empty]
    assert agreeing(none) is None
    zero = [rows(birds, each.where) for each in empty]
    assert agreeing(zero).arrow().to_pylist() == [{"number_of_birds": 0}]  # that none are there is an answer


def test_columns_besides_are_another_answer(birds: Table, agreeing: Any) -> None:
    species, island = field(birds, "species"), field(birds, "island")
    chinstrap = of_species(birds, "Chinstrap")
    narrow, wide = (Reading("", columns=each, where=chinstrap) for each in ((species,), (species, island)))
    assert agreeing([narrow, wide]) is None
    assert agreeing([wide, narrow]) is None
    turned = Reading("", columns=(island, species), where=chinstrap)
    assert agreeing([wide, turned]).arrow().to_pylist() == [{"species": "Chinstrap", "island": "Dream"}]


def test_an_order_asked_for_counts(birds: Table, agreeing: Any) -> None:
    mass = field(birds, "body_mass_g")
    up, down = (Reading("", columns=(mass,), order=(Order(mass, each),)) for each in (False, True))
    assert agreeing([up, down]) is None
    assert agreeing([Reading("", columns=(mass,)), down]) is not None


def test_rows_that_are_cut_are_not_compared(birds: Table, agreeing: Any) -> None:
    mass = field(birds, "body_mass_g")
    every, heavy = Reading("", columns=(mass,)), Reading("", columns=(mass,), where=Compare(mass, ">", 1))
    assert agreeing([every, heavy], row_limit=7) is not None
    assert agreeing([every, heavy], row_limit=6) is None


def test_one_answer_that_is_cut_is_enough(birds: Table, agreeing: Any) -> None:
    """Six of seven rows are those of the other reading only because the seventh was cut."""
    mass = field(birds, "body_mass_g")
    lightest = (Order(mass, False),)
    every = Reading("", columns=(mass,), order=lightest)
    light = Reading("", columns=(mass,), order=lightest, where=Compare(mass, "<", 5700))
    assert agreeing([every, light], row_limit=6) is None
    assert agreeing([light, every], row_limit=6) is None


def test_a_reading_that_nothing_ties_leaves_the_choice(
    birds: Table, shop: dict[str, Table], children: Children
) -> None:
    apart = rows(birds, None, groups=(field(shop["days"], "weather"),))
    domain, way = Domain((birds, shop["days"])), Way(children, "a")
    with pytest.raises(NotConnected):
        answered(apart, domain, way)
    assert agreed([rows(birds), apart], domain, way) is None
    assert agreed([apart, rows(birds)], domain, way) is None


FLOCK = "SELECT * FROM (VALUES {}) AS bird(species, sex, body_mass_g)"
# All Gentoos are female and so are all birds: the mean of female Gentoos is that of the Gentoos.
ALIKE = FLOCK.format("('Gentoo', 'female', 4000), ('Gentoo', 'female', 5000), ('Adelie', 'female', 4600)")
APART = FLOCK.format("('Gentoo', 'female', 4000), ('Gentoo', 'male', 5000), ('Adelie', 'male', 4600)")


def test_the_same_question_is_answered_or_declined_by_the_rows(tmp_path: Path, children: Children) -> None:
    alike, apart = (
        ask(HEAVIER, Domain((stored(folder, "birds", sql),)), Way(children, "a"))
        for folder, sql in ((_made(tmp_path / "alike"), ALIKE), (_made(tmp_path / "apart"), APART))
    )
    assert alike.status == "answered"
    assert alike.arrow().to_pylist() == [{"number_of_birds": 2}]  # 4600 and 5000 are more than 4500
    assert [note.startswith("It can also be meant as: ") for note in alike.notes] == [True]
    assert (apart.status, apart.reason, apart.table, len(apart.choices)) == ("declined", CHOICE, None, 2)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_columns_in_another_order_are_the_same_answer(birds: Table, children: Children) -> None:
    question = "all birds with a bill of 46 mm or longer: species and length"
    answer = ask(question, Domain((birds,)), Way(children, "a"))
    found = [(row["species"], row["bill_length_mm"]) for row in answer.arrow().to_pylist()]
    assert sorted(found) == [("Chinstrap", 46.5), ("Gentoo", 46.1), ("Gentoo", 48.7), ("Gentoo", 50.0)]
    assert answer.notes == (SAME.format("bill_length_mm, species of birds, bill_length_mm ≥ 46"),)
    assert answer.notes[0] in repr(answer)


def test_a_question_with_one_reading_has_no_note(birds: Table, children: Children) -> None:
    assert ask("number of birds by species", Domain((birds,)), Way(children, "a")).notes == ()
