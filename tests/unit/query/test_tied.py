"""Tables that belong together though nobody says so: by names, types and ranges, and by nothing less."""

from __future__ import annotations

import pytest

from lakebook.query.domain import Relationship
from lakebook.query.tables import Column, Table
from lakebook.query.tied import inferred


def table(name: str, *columns: Column) -> Table:
    return Table(name, "bronze", name, 1, 10, (), columns)


def number(name: str, low: object = 1, high: object = 9, kind: str = "BIGINT") -> Column:
    return Column(name, kind, min=low, max=high)


@pytest.mark.parametrize(
    ("column", "key", "one"),
    [
        pytest.param(number("customer_id"), number("customer_id"), "people", id="the same name"),
        pytest.param(number("CustomerID"), number("customer_id"), "people", id="in another spelling"),
        pytest.param(number("customer_id"), number("id"), "customers", id="the table and its key"),
        pytest.param(number("category_id"), number("id"), "categories", id="of many ies"),
        pytest.param(number("wardCode", "A", "C", "VARCHAR"), number("code", "A", "F", "VARCHAR"), "ward", id="text"),
        pytest.param(number("person_no", None, None), number("person_no"), "people", id="bounds not known"),
    ],
)
def test_a_column_called_like_a_key_leads_to_it(column: Column, key: Column, one: str) -> None:
    many, other = table("visits", number("visit_id"), column), table(one, key)
    keys = {"bronze.visits": ("visit_id",), other.full_name: (key.name,)}
    found = list(inferred([many, other], keys, ()))
    expected = Relationship(many, (column.name,), other, (key.name,), declared=False)
    assert found == ([expected] if column.min is not None else [])


@pytest.mark.parametrize(
    ("column", "key"),
    [
        pytest.param(number("id"), number("id"), id="two keys of the same bare name"),
        pytest.param(number("customer_id", 1, 99), number("customer_id"), id="past the key's range"),
        pytest.param(number("customer_id", "1", "9", "VARCHAR"), number("customer_id"), id="another type"),
        pytest.param(number("name", "a", "b", "VARCHAR"), number("name", "a", "b", "VARCHAR"), id="no key's name"),
        pytest.param(number("year"), number("year"), id="a number that is no key"),
        pytest.param(number("day"), Column("day", "DATE"), id="a day"),
    ],
)
def test_what_is_less_alike_ties_nothing(column: Column, key: Column) -> None:
    many, other = table("visits", number("visit_id"), column), table("people", key)
    keys = {"bronze.visits": ("visit_id",), other.full_name: (key.name,)}
    assert list(inferred([many, other], keys, ())) == []


def test_what_is_declared_is_left_alone() -> None:
    many, one = table("visits", number("visit_id"), number("customer_id")), table("customers", number("customer_id"))
    declared = [Relationship(many, ("visit_id",), one, ("customer_id",))]
    assert list(inferred([many, one], {one.full_name: ("customer_id",)}, declared)) == []


def test_tables_of_other_layers_and_keys_of_several_columns_are_left_alone() -> None:
    many, one = table("visits", number("customer_id")), table("customers", number("customer_id"))
    silver = Table("customers", "silver", "s", 1, 10, (), one.columns)
    assert list(inferred([many, silver], {silver.full_name: ("customer_id",)}, ())) == []
    assert list(inferred([many, one], {one.full_name: ("customer_id", "day")}, ())) == []
    assert list(inferred([many, one], {}, ())) == []
