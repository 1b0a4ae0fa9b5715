"""How tables, columns and values are found by people's words, and how tables belong together."""

from __future__ import annotations

import pytest

from lakebook.query.parse.graph import Graph
from lakebook.query.parse.names import spellings
from lakebook.query.parse.values import ValueIndex
from lakebook.query.parse.words import tokens
from lakebook.query.tables import Column
from tests.unit.query.parse.worlds import HOSPITAL, PATIENTS, SHOP, VISITS, WARDS


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("body_mass_g", "BIGINT", ("body", "mass")),
        ("body_mass_g", "BIGINT", ("body", "weight")),
        ("CustomerID", "BIGINT", ("customer",)),
        ("CustomerID", "BIGINT", ("customer", "number")),
        ("unit_price", "DOUBLE", ("price",)),
        ("temp_max", "DOUBLE", ("daily", "high")),
        ("temp_max", "DOUBLE", ("maximum", "temperature")),
        ("Milliseconds", "INTEGER", ("playing", "time")),
        ("admitted_on", "DATE", ("admission", "date")),
        ("discharged_on", "DATE", ("discharge", "date")),
        ("delay_minutes", "BIGINT", ("delay",)),
        ("sex", "VARCHAR", ("gender",)),
    ],
)
def test_a_column_is_called_by(name: str, kind: str, words: tuple[str, ...]) -> None:
    assert words in spellings(Column(name, kind))


@pytest.mark.parametrize("name", ["ReportsTo", "admitted_on", "left_at"])
def test_a_preposition_names_no_column(name: str) -> None:
    found = spellings(Column(name, "BIGINT"))
    assert not {("to",), ("on",), ("at",)} & set(found)


def test_the_whole_name_is_the_surest() -> None:
    found = spellings(Column("unit_price", "DOUBLE"))
    assert found["unit", "price"] < found["price",]


def test_values_are_found_in_any_case_and_number() -> None:
    index = ValueIndex(SHOP.tables, None)
    (end, hits), *_ = index.at(tokens("Blue LAMPS in france"), 0)
    assert (end, hits[0].values) == (2, ("blue lamp",))
    assert [hit.values for _, hits in index.at(tokens("united kingdom"), 0) for hit in hits] == [("United Kingdom",)]
    assert index.at(tokens("atlantis"), 0) == []


def test_keys_labels_and_ways() -> None:
    graph = Graph(HOSPITAL)
    assert [column.name for column in graph.key(PATIENTS)] == ["patient_id"]
    assert [column.name for column in graph.labels(PATIENTS)] == ["full_name"]
    assert [column.name for column in graph.labels(WARDS)] == ["ward_name"]
    assert [column.name for column in graph.times(VISITS)] == ["admitted_on", "discharged_on"]
    assert graph.leads(VISITS, PATIENTS)
    assert not graph.leads(PATIENTS, VISITS)
    far = graph.distance(PATIENTS, WARDS)
    near = graph.distance(VISITS, WARDS)
    assert near is not None
    assert far is not None
    assert near < far
    assert graph.components() == [(WARDS, PATIENTS, VISITS)]
