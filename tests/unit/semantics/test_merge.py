"""A person's own words put into the models of everybody: to the first that knows the thing, else beside them."""

from __future__ import annotations

import pytest

from lakebook.semantics.merge import merged
from lakebook.semantics.model import Dataset, Field, Metric, SemanticModel

ORDERS = Dataset("orders", "bronze.orders", synonyms=("lines",), fields=(Field("Country", "Country"),))
BIRDS = Dataset("birds", "bronze.birds")
SALES = Metric("sales", "SUM(orders.paid)", synonyms=("takings",))
SHOP = SemanticModel("shop", datasets=(ORDERS,), metrics=(SALES,))
ZOO = SemanticModel("zoo", datasets=(BIRDS,))


def words(*datasets: Dataset, metrics: tuple[Metric, ...] = ()) -> SemanticModel:
    return SemanticModel("own words", datasets=datasets, metrics=metrics)


def test_models_that_nobody_speaks_of_stay_the_same_objects() -> None:
    found = merged([SHOP, ZOO], [words(Dataset("x", "bronze.birds", synonyms=("penguins",)))])
    assert found[0] is SHOP
    assert found[1].datasets[0].synonyms == ("penguins",)
    assert found[1] is not ZOO


def test_nothing_said_changes_nothing() -> None:
    assert all(one is other for one, other in zip(merged([SHOP, ZOO], []), (SHOP, ZOO), strict=True))
    assert merged([], []) == ()


@pytest.mark.parametrize("source", ["bronze.orders", "BRONZE.Orders"])
def test_a_dataset_is_known_by_its_source_in_any_case(source: str) -> None:
    (found,) = merged([SHOP], [words(Dataset("mine", source, synonyms=("rows",)))])
    assert (found.datasets[0].name, found.datasets[0].synonyms) == ("orders", ("lines", "rows"))


def test_the_first_model_that_knows_it_gets_the_words() -> None:
    again = SemanticModel("again", datasets=(ORDERS,), metrics=(SALES,))
    more = words(
        Dataset("orders", "bronze.orders", synonyms=("rows",)), metrics=(Metric("SALES", "", synonyms=("m",)),)
    )
    first, second = merged([SHOP, again], [more])
    assert (first.datasets[0].synonyms, first.metrics[0].synonyms) == (("lines", "rows"), ("takings", "m"))
    assert second is again


def test_a_word_is_there_once_whoever_says_it() -> None:
    (found,) = merged([SHOP], [words(Dataset("o", "bronze.orders", synonyms=("Lines", "rows", "lines")))])
    assert found.datasets[0].synonyms == ("lines", "rows")


def test_fields_are_joined_by_name_and_new_ones_added() -> None:
    said = Dataset("o", "bronze.orders", fields=(Field("COUNTRY", "x", synonyms=("land",)), Field("paid", "paid")))
    (found,) = merged([SHOP], [words(said)])
    assert [(each.name, each.expression, each.synonyms) for each in found.datasets[0].fields] == [
        ("Country", "Country", ("land",)), ("paid", "paid", ()),
    ]  # fmt: skip


def test_values_keep_the_words_of_everybody() -> None:
    shared = SemanticModel(
        "s", datasets=(Dataset("o", "b.o", fields=(Field("c", "c", value_synonyms=(("UK", ("gb",)),)),)),)
    )
    mine = Field("c", "c", value_synonyms=(("UK", ("GB", "albion")), ("France", ("gaul",))))
    (found,) = merged([shared], [words(Dataset("o", "b.o", fields=(mine,)))])
    assert found.datasets[0].fields[0].value_synonyms == (("UK", ("gb", "albion")), ("France", ("gaul",)))


def test_a_figure_keeps_its_own_meaning() -> None:
    (found,) = merged([SHOP], [words(metrics=(Metric("Sales", "SUM(1)", synonyms=("money",)),))])
    assert (found.metrics[0].expression, found.metrics[0].synonyms) == ("SUM(orders.paid)", ("takings", "money"))


def test_what_no_model_knows_is_a_model_of_its_own_that_later_words_join() -> None:
    first = words(Dataset("cats", "bronze.cats", synonyms=("felines",)), metrics=(Metric("age", "AVG(cats.age)"),))
    later = words(Dataset("cats", "bronze.cats", synonyms=("moggies",)))
    shop, own = merged([SHOP], [first, later])
    assert shop is SHOP
    assert (own.name, own.datasets[0].synonyms) == ("own words", ("felines", "moggies"))
    assert [metric.name for metric in own.metrics] == ["age"]


def test_the_models_that_were_given_are_not_changed() -> None:
    shared = [SHOP, ZOO]
    merged(shared, [words(Dataset("o", "bronze.orders", synonyms=("rows",)), Dataset("dogs", "bronze.dogs"))])
    assert shared == [SHOP, ZOO]
    assert SHOP.datasets[0].synonyms == ("lines",)
