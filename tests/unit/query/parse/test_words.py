"""Tokens, the words of names, singular forms."""

from __future__ import annotations

import pytest

from lakebook.query.parse.words import parts, singular, stems, tokens


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("how many rows?", [("word", "how"), ("word", "many"), ("word", "rows"), ("mark", "?")]),
        ("over 1,250.5", [("word", "over"), ("number", "1,250.5")]),
        ("under -50", [("word", "under"), ("number", "-50")]),
        ("page-3", [("word", "page"), ("mark", "-"), ("number", "3")]),
        ("on 2011-03-05", [("word", "on"), ("day", "2011-03-05")]),
        ("in 2011-03", [("word", "in"), ("month", "2011-03")]),
        ("code 85123A", [("word", "code"), ("word", "85123A")]),
        ('in "New York"', [("word", "in"), ("text", "New York")]),
        ("in 'New York'", [("word", "in"), ("text", "New York")]),
        ("in “New York”", [("word", "in"), ("text", "New York")]),
        ("what's new", [("word", "what's"), ("word", "new")]),
        ("a >= 3", [("word", "a"), ("mark", ">="), ("number", "3")]),
        ("5%", [("number", "5"), ("mark", "%")]),
        ("", []),
        ("   ", []),
    ],
)
def test_tokens(question: str, expected: list[tuple[str, str]]) -> None:
    assert [(token.kind, token.text) for token in tokens(question)] == expected


def test_tokens_are_folded_and_composed() -> None:
    (token,) = tokens("CAFE\u0301")
    assert (token.text, token.fold) == ("CAFÉ", "café")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("InvoiceNo", ("invoice", "no")),
        ("customer_id", ("customer", "id")),
        ("CustomerID", ("customer", "id")),
        ("HTTPStatus", ("http", "status")),
        ("unit price", ("unit", "price")),
        ("y2022", ("y", "2022")),
        ("Größe", ("grösse",)),
        ("__", ()),
    ],
)
def test_the_words_of_a_name(name: str, expected: tuple[str, ...]) -> None:
    assert parts(name) == expected


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("country", "countries"), ("row", "rows"), ("box", "boxes"), ("branch", "branches"), ("dish", "dishes"),
        ("glass", "glasses"), ("price", "prices"), ("species", "species"), ("bus", "bus"),
    ],
)  # fmt: skip
def test_singular_and_plural_agree(one: str, many: str) -> None:
    assert singular(one) == singular(many)


def test_short_words_keep_their_s() -> None:
    assert stems(("is", "gas", "ms")) == ("is", "gas", "ms")
