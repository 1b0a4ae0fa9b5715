"""Names keep their spelling, and are the same name under NFC and casefold."""

from __future__ import annotations

import unicodedata

import pytest

from lakebook import names
from lakebook.errors import InvalidRequest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Orders", "ORDERS"),
        ("café", unicodedata.normalize("NFD", "café")),
        ("straße", "STRASSE"),
        ("Ünal", unicodedata.normalize("NFD", "ünal")),
    ],
)
def test_the_same_name(one: str, other: str) -> None:
    assert one != other
    assert names.key(one) == names.key(other)


@pytest.mark.parametrize(("one", "other"), [("orders", "order"), ("a b", "a_b"), ("é", "e"), ("a", "а")])
def test_other_names(one: str, other: str) -> None:
    assert names.key(one) != names.key(other)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("orders", (None, "orders")),
        ("silver.orders", ("silver", "orders")),
        ("GOLD.Orders", ("gold", "Orders")),
        ("bronze.a.b", ("bronze", "a.b")),
        ("copper.orders", (None, "copper.orders")),
        ("silver", (None, "silver")),
        ("silver.", (None, "silver.")),
        (".orders", (None, ".orders")),
    ],
)
def test_split_layer(name: str, parts: tuple[str | None, str]) -> None:
    assert names.split_layer(name) == parts


@pytest.mark.parametrize("name", ["orders", "Über uns", "2024 (final)", "a.b", "日本", "x" * 200, "it's", "a;b"])
def test_names_that_may_be(name: str) -> None:
    assert names.checked(name) == name


def test_a_checked_name_is_trimmed_and_composed() -> None:
    assert names.checked(f"  {unicodedata.normalize('NFD', 'café')}\n") == "café"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "x" * 201,
        "a\tb",
        "a\nb",
        "a\x00b",
        "a\u200bb",
        "a\x1b[31mb",
        'a"b',
        "a/b",
        "a\\b",
        "gold.x",
        "Silver.x",
    ],
)
def test_names_that_may_not_be(name: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        names.checked(name)
    assert "--as" in refused.value.hint


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("orders.csv", "orders"),
        ("orders.csv.gz", "orders"),
        ("Orders 2024 (final).CSV", "Orders_2024_final"),
        ("folder/orders.parquet", "orders"),
        ("C:\\data\\orders.jsonl", "orders"),
        ("a.b.tsv", "a_b"),
        ("größe.json", "größe"),
        ("orders", "orders"),
        (".csv", "table"),
        ("---.csv", "table"),
        ("", "table"),
        ("x" * 300 + ".csv", "x" * 200),
    ],
)
def test_a_name_from_a_file(filename: str, name: str) -> None:
    assert names.from_file(filename) == name
    assert names.checked(names.from_file(filename)) == name
