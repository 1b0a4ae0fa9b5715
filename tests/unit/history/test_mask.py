"""Questions with their numbers, days and values masked: matched by the same words only, rebound by type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakebook.query.mask import Masked, Slot, masked, said, tokens
from lakebook.query.rebind import is_bound_to_versions, rebound, slots_of
from lakebook.query.tables import Column, Table

ORDERS = Table("orders", "bronze", "id-1", 3, 10, (), (
    Column("Country", "VARCHAR"), Column("Quantity", "BIGINT"), Column("day", "DATE"), Column("Description", "VARCHAR"),
))  # fmt: skip
CITIES = Table("cities", "bronze", "id-2", 1, 10, (), (Column("city", "VARCHAR"), Column("Description", "VARCHAR")))
NUMBER, DAY, VALUE = (
    Slot("number", "5"),
    Slot("day", "2011-03-05"),
    Slot("value", "Germany", "bronze.orders", "Country"),
)


def known(question: str, sql: str) -> Masked:
    """What would be kept of a verified question."""
    return masked(question, slots_of(question, sql, [ORDERS, CITIES]))


def again(question: str, sql: str, other: str) -> str | None:
    """The statement for another question, in one line; None where it is another question."""
    kept = known(question, sql)
    given = kept.match(said(other))
    found = None if given is None else rebound(sql, kept.slots, given)
    return None if found is None else " ".join(found.split())


@pytest.mark.parametrize(
    ("question", "words"),
    [("How many ROWS?", ["how", "many", "rows"]), ("top 1,000.5 days...", ["top", "1,000.5", "days"]),
     ("on 2011-03-05!", ["on", "2011-03-05"]), ("what's new", ["what", "'", "s", "new"]), ("", []), ("?", []),
     ("5kg or 5 kg", ["5kg", "or", "5", "kg"]), ("STRASSE", ["strasse"]), ("a{0}b", ["a", "{", "0", "}", "b"])],
)  # fmt: skip
def test_the_words_of_a_question(question: str, words: list[str]) -> None:
    assert tokens(question) == words


@pytest.mark.parametrize(
    ("question", "slots", "pattern", "kept"),
    [
        ("top 5 of Germany", [VALUE, NUMBER], "top {0} of {1}", (NUMBER, VALUE)),
        ("5 of 5", [NUMBER], "5 of 5", ()),
        ("orders on 2011-03-05", [DAY], "orders on {0}", (DAY,)),
        ("orders of France", [VALUE], "orders of france", ()),
        ("{0} of germany", [VALUE], "{ 0 } of {0}", (VALUE,)),
    ],
)
def test_what_is_masked(question: str, slots: list[Slot], pattern: str, kept: tuple[Slot, ...]) -> None:
    assert masked(question, slots) == Masked(pattern, kept)


@pytest.mark.parametrize(
    ("other", "given"),
    [("Top 12 of France?", ("12", "france")), ("top 1,200 of the Channel Islands", ("1,200", "the channel islands")),
     ("top five of France", None), ("top 5 in Germany", None), ("the top 5 of Germany", None), ("top 5 of", None),
     ("top 5 of Germany by month", ("5", "germany by month")), ("bottom 5 of Germany", None)],
)  # fmt: skip
def test_only_the_same_words_match(other: str, given: tuple[str, ...] | None) -> None:
    """What stands for a value is looked up in its column afterwards: `germany by month` is none."""
    assert masked("top 5 of Germany", [NUMBER, VALUE]).match(said(other)) == given


LIMITED = 'SELECT "Country", COUNT(*) AS rows FROM bronze.orders GROUP BY "Country" ORDER BY rows DESC LIMIT 5'
FILTERED = "SELECT COUNT(*) AS rows FROM bronze.orders WHERE \"Country\" = 'Germany' LIMIT 1000"
SINCE = "SELECT COUNT(*) FROM bronze.orders WHERE day >= CAST('2011-03-05' AS DATE) LIMIT 1000"
ON = "SELECT COUNT(*) FROM bronze.orders WHERE day >= '2011-03-05' AND day < '2011-03-06' LIMIT 1000"
WHOLE_YEAR = "SELECT COUNT(*) FROM bronze.orders WHERE day >= '2010-01-01' AND day < '2011-01-01' LIMIT 1000"
DEAR = 'SELECT CAST(SUM("Quantity") AS DECIMAL(18, 5)) FROM bronze.orders WHERE "Quantity" > 5 LIMIT 1000'


@pytest.mark.parametrize(
    ("question", "sql", "other", "part"),
    [
        ("top 5 countries", LIMITED, "top 12 countries", "LIMIT 12"),
        ("top 5 countries", LIMITED, "top 1,200 countries", "LIMIT 1200"),
        ("rows of Germany", FILTERED, "rows of o'brien land", "'o '' brien land'"),
        ("rows since 2011-03-05", SINCE, "rows since 2012-02-29", "'2012-02-29'"),
        ("sum where quantity over 5", DEAR, "sum where quantity over 7", '"Quantity" > 7'),
    ],
)
def test_another_value_takes_the_place(question: str, sql: str, other: str, part: str) -> None:
    found = again(question, sql, other)
    assert found is not None
    assert part in found
    assert ("DECIMAL(18, 5)" in found) is (sql == DEAR)


@pytest.mark.parametrize(
    ("question", "sql", "other"),
    [
        ("top 5 countries", LIMITED, "top 2.5 countries"),
        ("rows since 2011-03-05", SINCE, "rows since 2011-02-31"),
        ("rows on 2011-03-05", ON, "rows on 2012-03-05"),
        ("rows of 2011", ON, "rows of 2012"),
        ("more than 4 pieces", DEAR, "more than 6 pieces"),
        ("over 5, top 5", DEAR + " OFFSET 5", "over 6, top 6"),
        ("rows in 5 bins of 7", 'SELECT "Quantity" // 7 FROM bronze.orders WHERE "Quantity" < 35',
         "rows in 6 bins of 7"),
        ("lines like Germany", "SELECT 1 FROM bronze.orders WHERE \"Country\" LIKE '%Germany%'", "lines like France"),
        ("rows of red", "SELECT 1 FROM bronze.orders WHERE \"Description\" = 'red'", "rows of blue"),
    ],
    ids=["half a row", "no day", "day after", "year", "reckoned", "twice", "product", "like", "two tables"],
)  # fmt: skip
def test_what_was_reckoned_is_not_reckoned_again(question: str, sql: str, other: str) -> None:
    assert again(question, sql, other) is None
    assert again(question, sql, question) is not None


@pytest.mark.parametrize(
    ("question", "sql", "bound"),
    [("rows last month", ON, True), ("rows of March 2011", ON, False), ("rows on 2011-03-05", ON, False),
     ("rows of March", ON, True), ("rows of Germany", FILTERED, False), ("rows of 536365", ON, True),
     ("top 2000 rows last month", ON, True), ("rows of 2010", WHOLE_YEAR, False)],
)  # fmt: skip
def test_days_that_were_reckoned_from_the_data_bind_to_its_versions(question: str, sql: str, bound: bool) -> None:
    assert is_bound_to_versions(question, sql, slots_of(question, sql, [ORDERS])) is bound


@given(st.text(min_size=1, max_size=30))
def test_whatever_is_given_stays_a_text(text: str) -> None:
    """A value is put into the tree as a literal, so it can be nothing else."""
    from sqlglot import exp, parse_one

    found = rebound(FILTERED, [VALUE], [text])
    assert found is not None
    literals = [one.name for one in parse_one(found, read="duckdb").find_all(exp.Literal) if one.is_string]
    assert literals == [text]


@given(st.text(max_size=60), st.lists(st.sampled_from([NUMBER, DAY, VALUE]), max_size=3))
def test_a_question_matches_itself(question: str, slots: list[Slot]) -> None:
    kept = masked(question, slots)
    given = kept.match(said(question))
    assert given is not None
    assert len(given) == len(kept.slots)
