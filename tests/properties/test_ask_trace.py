"""Whatever is asked: each word of a question that is answered does something, and strange words are never swallowed."""

from __future__ import annotations

import re
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from lakebook.query.domain import Domain
from lakebook.query.guard.guarded import check
from lakebook.query.parse.question import understand
from lakebook.query.parse.spelling import SHORT
from lakebook.query.reading import Condition, Declined, Every, Reading
from lakebook.query.tables import Column, Table
from lakebook.query.write import write

COUNTRIES = ("France", "Germany", "United Kingdom", "Netherlands", "EIRE")
CHANNELS = ("web", "shop", "phone call")
TABLE = Table(
    "orders", "bronze", "o", 1, 1000, (),
    (
        Column("order_id", "BIGINT", unique_count=1000),
        Column("customer_id", "BIGINT", unique_count=100),
        Column("country", "VARCHAR", unique_count=5, top_values=COUNTRIES),
        Column("channel", "VARCHAR", unique_count=3, top_values=CHANNELS),
        Column("quantity", "INTEGER", unique_count=50),
        Column("unit_price", "DECIMAL(18,2)", unique_count=90),
        Column("weight_kg", "DOUBLE", unique_count=500),
        Column("order_date", "DATE", unique_count=365, min=date(2010, 1, 1), max=date(2012, 12, 31)),
    ),
)  # fmt: skip
DOMAIN = Domain((TABLE,), (), (), {"bronze.orders": ("order_id",)})

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November")

# Each piece: words that carry a meaning, each to be exchanged for another of its list.
measures = st.sampled_from(
    ("how many rows", "number of rows", "how many orders", "how many different customers", "total quantity",
     "average unit price", "median weight", "lowest unit price", "highest weight", "revenue", "average weight kg",
     "standard deviation of weight", "number of different countries", "latest order date")
)  # fmt: skip
groups = st.sampled_from(
    ("", "by country", "per channel", "by year", "by month", "by country and channel", "by weekday")
)
places = st.one_of(
    st.just(""),
    st.sampled_from(COUNTRIES).map("in {}".format),
    st.tuples(st.sampled_from(COUNTRIES), st.sampled_from(CHANNELS)).map("in {0[0]} with channel {0[1]}".format),
)  # fmt: skip
times = st.one_of(
    st.just(""),
    st.integers(2010, 2012).map("in {}".format),
    st.tuples(st.sampled_from(MONTHS), st.integers(2010, 2012)).map(lambda both: f"in {both[0]} {both[1]}"),
    st.integers(2010, 2012).map("since {}".format),
    st.dates(date(2010, 1, 1), date(2012, 12, 31)).map("before {}".format),
)
numbers = st.one_of(
    st.just(""),
    st.tuples(st.sampled_from(("over", "under", "at least", "at most")), st.integers(0, 500)).map(
        lambda both: f"with unit price {both[0]} {both[1]}"
    ),
)
plain = st.tuples(measures, groups, places, times, numbers).map(lambda parts: " ".join(part for part in parts if part))
rankings = st.tuples(
    st.sampled_from(("top", "bottom")), st.integers(1, 50), st.sampled_from(("countries", "channels", "months")),
    st.sampled_from(("revenue", "number of rows", "total quantity", "average unit price")), places, times,
).map(lambda parts: " ".join(str(part) for part in (*parts[:3], "by", *parts[3:]) if part != ""))  # fmt: skip
questions = st.one_of(plain, rankings)

# Words that may go without the question meaning anything else: "total revenue" is "revenue".
SAY_NOTHING = {
    "different", "total", "of", "in", "with", "by", "number", "kg",
    "unit", "order", "channel",  # the only price and the only date there are; a channel's value says whose it is
}  # fmt: skip

letters = st.text("bcdfghjklmnpqrstvwxz", min_size=4, max_size=9).filter(lambda word: word not in SHORT)


def sql_of(question: str) -> str | None:
    understood = understand(question, DOMAIN)
    return write(understood, DOMAIN) if isinstance(understood, Reading) else None


@given(question=questions)
def test_the_sql_of_a_question_passes_the_guard(question: str) -> None:
    sql = sql_of(question)
    assert sql is not None, question
    assert check(sql, [TABLE]) == []


@given(question=questions, word=letters, place=st.integers(0, 30))
def test_a_strange_word_anywhere_is_declined_by_name(question: str, word: str, place: int) -> None:
    words = question.split()
    asked = " ".join([*words[:place], word, *words[place:]])
    understood = understand(asked, DOMAIN)
    assert isinstance(understood, Declined)
    assert word in understood.words


@given(question=questions, word=letters, data=st.data())
def test_a_word_exchanged_for_a_strange_one_is_declined(question: str, word: str, data: st.DataObject) -> None:
    words = question.split()
    place = data.draw(st.integers(0, len(words) - 1))
    understood = understand(" ".join([*words[:place], word, *words[place + 1 :]]), DOMAIN)
    assert isinstance(understood, Declined)
    assert word in understood.words


@given(question=questions, data=st.data())
def test_a_word_left_out_changes_the_query(question: str, data: st.DataObject) -> None:
    words = question.split()
    place = data.draw(st.integers(0, len(words) - 1))
    assume(words[place].casefold() not in SAY_NOTHING)
    left = sql_of(" ".join([*words[:place], *words[place + 1 :]]))
    assert left is None or left != sql_of(question)


@given(question=questions, data=st.data())
def test_another_value_gives_another_query(question: str, data: st.DataObject) -> None:
    said = [value for value in (*COUNTRIES, *CHANNELS, "over", "under", "top", "bottom") if value in question]
    assume(said)
    value = data.draw(st.sampled_from(said))
    family = next(each for each in (COUNTRIES, CHANNELS, ("over", "under"), ("top", "bottom")) if value in each)
    other = data.draw(st.sampled_from([each for each in family if each != value]))
    assert sql_of(question.replace(value, other)) != sql_of(question)


@given(question=questions)
def test_every_number_and_every_value_is_in_the_sql(question: str) -> None:
    sql = sql_of(question)
    assert sql is not None
    for number in re.findall(r"\d+", question):
        assert number in sql or str(int(number)) in sql or str(int(number) + 1) in sql
    for value in (*COUNTRIES, *CHANNELS):
        assert (f"'{value}'" in sql) == (value in question)


@given(question=questions)
def test_the_trace_holds_every_word(question: str) -> None:
    understood = understand(question, DOMAIN)
    assert isinstance(understood, Reading)
    traced = [word for trace in understood.trace for word in trace.words.split()]
    assert traced == re.findall(r"\d{4}-\d\d-\d\d|\w+", question)


@given(question=questions, case=st.sampled_from((str.upper, str.lower, str.title)))
def test_case_does_not_matter(question: str, case: type[str]) -> None:
    assert sql_of(case(question)) == sql_of(question)


@given(first=places, second=times, third=numbers)
def test_the_order_of_filters_does_not_matter(first: str, second: str, third: str) -> None:
    def conditions(*parts: str) -> set[Condition]:
        understood = understand(" ".join(("how many rows", *filter(None, parts))), DOMAIN)
        assert isinstance(understood, Reading)
        where = understood.where
        return set(where.conditions) if isinstance(where, Every) else {where} if where else set()

    assert conditions(first, second, third) == conditions(third, second, first) == conditions(second, third, first)


@given(words=st.lists(letters, min_size=1, max_size=12))
def test_garbage_is_declined(words: list[str]) -> None:
    understood = understand(" ".join(words), DOMAIN)
    assert isinstance(understood, Declined)
    assert understood.suggestions


@given(text=st.text(max_size=120))
def test_any_text_is_answered_or_declined(text: str) -> None:
    assert isinstance(understand(text, DOMAIN), Reading | Declined)
