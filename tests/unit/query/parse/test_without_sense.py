"""Readings that are none of the question: numbers where names are asked, contradictions, columns that are not shown."""

from __future__ import annotations

import pytest

from lakebook.query.parse.check import unsaid
from lakebook.query.parse.graph import Graph
from lakebook.query.parse.names import Names, Noun
from lakebook.query.parse.sense import is_senseless
from lakebook.query.parse.wants import Draft
from lakebook.query.parse.words import tokens
from lakebook.query.reading import Aggregate, Among, Condition, Every, Metric, Order, Reading
from lakebook.query.terms import Field
from tests.unit.query.parse.worlds import SHOP

(ORDERS,) = SHOP.tables
GRAPH = Graph(SHOP)
NAMES = Names(SHOP, GRAPH)


def field(name: str) -> Field:
    return Field(ORDERS, next(column for column in ORDERS.columns if column.name == name))


def senseless(question: str, reading: Reading) -> bool:
    return is_senseless(tuple(tokens(question)), reading, NAMES, GRAPH)


LINES = Aggregate("rows", ORDERS)
COUNTED = Metric("orders", "COUNT(DISTINCT orders.order_id)", (ORDERS,))
PIECES = Aggregate("sum", ORDERS, field("quantity"))
LAMPS = Among(field("product"), ("red lamp",))


@pytest.mark.parametrize("figure", [LINES, Aggregate("distinct", ORDERS, field("order_id")), COUNTED])
def test_a_number_answers_no_question_for_names(figure: Aggregate | Metric) -> None:
    counting = Reading("", figures=(figure,), where=LAMPS)
    assert senseless("which orders include a red lamp", counting)
    assert not senseless("how many orders include a red lamp", counting)
    assert not senseless("which number of orders include a red lamp", counting)
    assert not senseless("orders with a red lamp", counting)


def test_other_figures_and_groups_are_no_numbers_of_things() -> None:
    assert not senseless("which quantity was sold of the red lamp", Reading("", figures=(PIECES,), where=LAMPS))
    by_country = Reading("", figures=(LINES,), groups=(field("country"),), where=LAMPS)
    assert not senseless("which countries have orders with a red lamp", by_country)


@pytest.mark.parametrize(
    ("first", "second", "contradicts"),
    [
        (Among(field("country"), ("France",)), Among(field("country"), ("Germany",)), True),
        (Among(field("country"), ("France",)), Among(field("country"), ("France", "Germany")), False),
        (Among(field("country"), ("France",)), LAMPS, False),
    ],
)
def test_no_row_has_two_values(first: Condition, second: Condition, contradicts: bool) -> None:
    reading = Reading("", figures=(PIECES,), where=Every((first, second)))
    assert senseless("total quantity in France and there", reading) is contradicts


@pytest.mark.parametrize(("name", "amount"), [("country", False), ("quantity", True)])
def test_there_is_no_ranking_within_an_amount(name: str, amount: bool) -> None:
    ranked = Reading(
        "",
        figures=(PIECES,),
        groups=(field(name), field("product")),
        order=(Order(PIECES, True),),
        limit=2,
        each=(field(name),),
    )
    assert senseless("top 2 of them in each", ranked) is amount


CHANNEL = (Noun("field", ORDERS, field("channel")),)


@pytest.mark.parametrize(
    ("reading", "missing"),
    [
        (Reading("", columns=(field("order_id"),)), ("channel",)),
        (Reading("", columns=(field("order_id"), field("channel"))), ()),
        (Reading("", figures=(PIECES,), groups=(field("country"),)), ("channel",)),
        (Reading("", figures=(PIECES,), groups=(field("channel"),)), ()),
    ],
)
def test_a_column_asked_for_beside_must_be_shown(reading: Reading, missing: tuple[str, ...]) -> None:
    words = tuple(tokens("orders together with their channel"))
    assert unsaid(words, Draft(shown=(CHANNEL,)), reading) == missing
    assert unsaid(words, Draft(), reading) == ()


def test_of_an_amount_beside_a_figure_nothing_is_missing() -> None:
    """A number beside a figure is that figure, or reckoned from it."""
    quantity = (Noun("field", ORDERS, field("quantity")),)
    words = tuple(tokens("orders together with their quantity"))
    assert unsaid(words, Draft(shown=(quantity,)), Reading("", figures=(LINES,), groups=(field("country"),))) == ()
    assert unsaid(words, Draft(shown=(quantity,)), Reading("", columns=(field("order_id"),))) == ("quantity",)
