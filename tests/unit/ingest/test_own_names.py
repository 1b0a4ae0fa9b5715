"""Names of a source's tables: each its own, none alike, the same at every attempt."""

from __future__ import annotations

import pytest

from lakebook import names
from lakebook.errors import InvalidRequest
from lakebook.ingest.sources.own_names import own_name, own_names, renamed


@pytest.mark.parametrize(
    ("parts", "named", "expected"),
    [
        (["a", "b"], None, ["a", "b"]),
        (["a", "b"], "shop", ["shop_a", "shop_b"]),
        (["Orders", "orders", "ORDERS"], None, ["Orders", "orders_2", "ORDERS_3"]),
        (["a b", "a-b", "a_b_2"], None, ["a_b", "a_b_2", "a_b_2_2"]),
        (["Straße", "STRASSE"], None, ["Straße", "STRASSE_2"]),
    ],
    ids=["plain", "named", "case", "taken", "folded"],
)
def test_no_two_are_alike(parts: list[str], named: str | None, expected: list[str]) -> None:
    found = own_names(parts, named)
    assert [found[part] for part in parts] == expected
    assert len({names.key(name) for name in found.values()}) == len(parts)
    assert own_names(parts, named) == found


def test_a_part_without_a_name_leaves_the_others_theirs() -> None:
    assert own_names(["a", "b"], "x" * 199) == {}
    with pytest.raises(InvalidRequest, match="200 printable"):
        own_name("a", "x" * 199)


def test_long_names_keep_their_numbers() -> None:
    found = own_names(["x" * 200, "X" * 200], None)
    assert [len(name) for name in found.values()] == [200, 192]


def test_only_what_is_called_otherwise_is_said() -> None:
    assert renamed("a b", None, "a_b") == []
    assert renamed("a b", None, None) == []
    (said,) = renamed("a b", None, "a_b_2")
    assert said["reason"] == "another table of the source is called a_b too: this one is a_b_2"
