"""Things that may have none, money of one order or of one kind, more of two, the last time: counted by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lakebook.query.children.pool import Children
from lakebook.query.domain import Domain, Relationship
from lakebook.query.parse.graph import Graph
from lakebook.query.read import Way
from lakebook.query.run import ask
from lakebook.query.tables import Table
from tests.unit.query.small_tables import stored

# Of three artists one has no album; of four tracks one was never sold. The second invoice holds songs of two genres.

ARTISTS = "SELECT * FROM (VALUES (1, 'Ada'), (2, 'Bea'), (3, 'Cleo')) AS artist(ArtistId, Name)"
ALBUMS = "SELECT * FROM (VALUES (10, 'Dawn', 1), (11, 'Dusk', 1), (12, 'Noon', 2)) AS album(AlbumId, Title, ArtistId)"
GENRES = "SELECT * FROM (VALUES (1, 'Rock'), (2, 'Jazz')) AS genre(GenreId, Name)"
TRACKS = """SELECT * FROM (VALUES
    (100, 'a', 10, 1, 3600000), (101, 'b', 10, 1, 3600001), (102, 'c', 11, 2, 5400001), (103, 'd', 12, 2, 60000)
) AS track(TrackId, Name, AlbumId, GenreId, Milliseconds)"""
INVOICES = """SELECT * FROM (VALUES
    (1, 1, DATE '2024-02-01', 'Canada', 1.98), (2, 1, DATE '2024-05-01', 'Canada', 2.97),
    (3, 2, DATE '2025-01-15', 'Spain', 0.99)
) AS invoice(InvoiceId, CustomerId, InvoiceDate, BillingCountry, Total)"""
LINES = """SELECT * FROM (VALUES
    (1, 1, 100, 0.99, 2), (2, 2, 100, 0.99, 1), (3, 2, 102, 0.99, 2), (4, 3, 101, 0.99, 1)
) AS line(InvoiceLineId, InvoiceId, TrackId, UnitPrice, Quantity)"""

OF_MUSIC: list[tuple[str, list[tuple[object, ...]]]] = [
    ("Which artist has the most albums?", [("Ada",)]),
    ("artists with more than 1 album", [("Ada",)]),
    ("Which genre has the fewest tracks?", [("Jazz",)]),  # every genre has some
    ("genres with fewer than 3 tracks", [("Jazz",), ("Rock",)]),
    ("Genres that sold more than 2 tracks", [("Rock",)]),  # two of its tracks, but four pieces of them
    ("Which track was sold the most often?", [("a",)]),
    ("How much was spent on Jazz?", [(Decimal("1.98"),)]),  # and not the whole of the invoice that they are on
    ("How much was spent on Rock?", [(Decimal("3.96"),)]),
    ("tracks longer than an hour", [("b",), ("c",)]),
    ("tracks longer than an hour and a half", [("c",)]),
    ("tracks shorter than half an hour", [("d",)]),
    ("invoices for less than a dollar", [(3,)]),
    ("average invoice in 2024 and 2025", [(2024, 2.475), (2025, 0.99)]),
    ("average invoice from 2024 to 2025", [(1.98,)]),
    ("median invoice total", [(1.98,)]),
    ("Do we have more invoices in Canada or in Spain?", [("Canada", 2), ("Spain", 1)]),
    ("Were there more invoices in February or in May 2024?", [(date(2024, 2, 1), 1), (date(2024, 5, 1), 1)]),
    ("invoices dated 15 January 2025", [(3,)]),
    ("What is the total of invoice 2?", [(Decimal("2.97"),)]),
]  # fmt: skip

OPEN = (
    "Which artist has the fewest albums?",
    "artists with fewer than 2 albums",
    "the two artists with the fewest albums",
    "Which track sold worst?",
    "tracks that sold fewer than 2 copies",
    "Which songs were never sold? How many are they?",
    "the largest invoice of the 2 countries",
)


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Domain:
    folder: Path = tmp_path_factory.mktemp("music")
    rows = {
        "Artist": ARTISTS,
        "Album": ALBUMS,
        "Genre": GENRES,
        "Track": TRACKS,
        "Invoice": INVOICES,
        "InvoiceLine": LINES,
    }
    tables = {name: stored(folder, name, sql) for name, sql in rows.items()}
    links = [
        ("Album", "ArtistId", "Artist"), ("Track", "AlbumId", "Album"), ("Track", "GenreId", "Genre"),
        ("InvoiceLine", "TrackId", "Track"), ("InvoiceLine", "InvoiceId", "Invoice"),
    ]  # fmt: skip
    keys: dict[str, tuple[str, ...]] = {table.full_name: (f"{name}Id",) for name, table in tables.items()}
    joined = tuple(Relationship(tables[many], (key,), tables[one], (key,)) for many, key, one in links)
    return Domain(tuple(tables.values()), joined, keys=keys)


@pytest.mark.parametrize(("question", "rows"), OF_MUSIC, ids=[each[0] for each in OF_MUSIC])
def test_rows_are_those_counted_by_hand(
    question: str, rows: list[tuple[object, ...]], music: Domain, children: Children
) -> None:
    answer = ask(question, music, Way(children, "a"))
    assert answer.status == "answered", answer.reason
    given = sorted(tuple(row.values()) for row in answer.arrow().to_pylist())
    assert given == [tuple(pytest.approx(each) if isinstance(each, float) else each for each in row) for row in rows]


@pytest.mark.parametrize("question", OPEN)
def test_the_fewest_of_what_may_have_none_is_no_answer(question: str, music: Domain, children: Children) -> None:
    """Cleo has no album and d was never sold: neither is among those that have some."""
    answer = ask(question, music, Way(children, "a"))
    assert answer.status == "declined"
    assert not answer.choices


def test_tables_cover_others_as_far_as_their_numbers_tell(music: Domain) -> None:
    graph = Graph(music)
    tables: dict[str, Table] = {table.name: table for table in music.tables}
    pairs = {
        ("Album", "Artist"): False, ("Track", "Album"): True, ("Track", "Genre"): True, ("Track", "Artist"): False,
        ("InvoiceLine", "Track"): False, ("InvoiceLine", "Invoice"): True, ("InvoiceLine", "Genre"): False,
        ("Track", "Track"): True, ("Artist", "Album"): False,
    }  # fmt: skip
    assert {pair: graph.covers(tables[pair[0]], tables[pair[1]]) for pair in pairs} == pairs


NOTED: tuple[tuple[str, list[str]], ...] = (
    ("number of albums for each artist", ["Artist without any Album: not shown"]),
    ("number of invoice lines per track", ["Track without any InvoiceLine: not shown"]),
    ("number of tracks per genre", []),  # every genre has some
    ("number of tracks per album", []),
    ("top 2 artists by number of albums", []),  # those without any are not among the first
    ("artists with more than 1 album", []),
    ("number of albums", []),
)


@pytest.mark.parametrize(("question", "notes"), NOTED, ids=[each[0] for each in NOTED])
def test_what_a_breakdown_leaves_out_is_said(
    question: str, notes: list[str], music: Domain, children: Children
) -> None:
    answer = ask(question, music, Way(children, "a"))
    assert answer.status == "answered", answer.reason
    assert [note for note in answer.notes if "not shown" in note] == notes


# Ben buys from two countries: told apart by both he is two rows, and that is said.

BUYERS = """SELECT * FROM (VALUES
    (1, 7, 'Ann', 'France', 5.0, 2), (2, 8, 'Ben', 'France', 4.0, 1), (3, 8, 'Ben', 'Spain', 3.0, 1)
) AS line(order_id, customer_id, customer_name, country, unit_price, quantity)"""


@pytest.mark.parametrize(
    ("question", "rows", "notes"),
    [
        (
            "top 3 customers by revenue, with country",
            [(7, "France", 10.0), (8, "France", 4.0), (8, "Spain", 3.0)],
            ["customer_id with more than one country: one row for each"],
        ),
        ("top 2 customers by revenue", [(7, 10.0), (8, 7.0)], []),
    ],
)
def test_keys_with_several_labels_are_said_to_be(
    question: str, rows: list[tuple[object, ...]], notes: list[str], tmp_path: Path, children: Children
) -> None:
    answer = ask(question, Domain((stored(tmp_path, "orders", BUYERS),)), Way(children, "a"))
    assert answer.status == "answered", answer.reason
    assert [tuple(row.values()) for row in answer.arrow().to_pylist()] == rows
    assert [note for note in answer.notes if "one row for each" in note] == notes
