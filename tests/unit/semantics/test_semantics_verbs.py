"""The verbs over models: kept, shown, listed, exported, deleted; own words; a first draft; each change audited."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from lakebook.access.principal import Principal
from lakebook.call import Call
from lakebook.errors import BadModel, InvalidRequest, LakebookError, NotFound
from lakebook.semantics.current import models_for
from lakebook.semantics.model import Field
from lakebook.semantics.propose import datatype_of, propose, words_of
from lakebook.semantics.requests import (
    ModelExport,
    ModelLoad,
    ModelRequest,
    ModelsRequest,
    ProposalRequest,
    SynonymRequest,
)
from lakebook.semantics.verbs import delete_model, export_model, list_models, load, show_model
from lakebook.semantics.words import add_synonym
from tests.unit.semantics.models import SHOP, shop_with
from tests.unit.tables.seats import loaded


def kept(call: Call, text: str = SHOP) -> None:
    """Load a model."""
    assert load(call, ModelLoad(document=text)).kept


def synonym(call: Call, word: str, means: str, *, remove: bool = False) -> str:
    """Let a word mean something; what kind of thing it is."""
    return add_synonym(call, SynonymRequest(word=word, means=means, remove=remove)).kind


def field_of(call: Call, name: str) -> Field:
    """A field of orders as questions see it."""
    return next(
        field
        for model in models_for(call)
        for dataset in model.datasets
        if dataset.source == "bronze.orders"
        for field in dataset.fields
        if field.name == name
    )


def audited(call: Call) -> list[str]:
    return [entry["action"] for entry in call.runtime.audit.entries() if entry["action"].startswith("semantics")]


def test_a_model_is_kept_and_found_again(shop: Call) -> None:
    kept(shop)
    (summary,) = list_models(shop, ModelsRequest()).items
    assert (summary.name, summary.version, summary.datasets, summary.metrics, summary.is_own) == (
        "shop", 1, ["orders", "buyers"], ["revenue"], False,
    )  # fmt: skip
    assert show_model(shop, ModelRequest(model="SHOP")).document == SHOP
    assert show_model(shop, ModelRequest(model=summary.model_id)).notes == []
    (model,) = models_for(shop)
    assert model.metrics[0].expression == "SUM((orders.Quantity * orders.UnitPrice))"
    assert audited(shop) == ["semantics.load"]


def test_a_second_load_takes_the_place_of_the_first(shop: Call) -> None:
    kept(shop)
    kept(shop, shop_with("[sales]", "[takings]"))
    (summary,) = list_models(shop, ModelsRequest()).items
    assert summary.version == 2
    assert models_for(shop)[0].metrics[0].synonyms == ("takings",)


def test_a_model_with_faults_is_not_kept(shop: Call) -> None:
    with pytest.raises(BadModel, match=r"Line 23: Metric revenue: orders has no column 'missing'") as raised:
        load(shop, ModelLoad(document=shop_with("orders.line_total", "orders.missing")))
    assert raised.value.details["faults"][0]["line"] == 23
    assert list_models(shop, ModelsRequest()).items == []
    assert audited(shop) == []


@pytest.mark.parametrize("text", [SHOP, SHOP.replace("orders.line_total", "x.y"), "a: [", "{", "x" * 3_000_000],
                         ids=["good", "bad metric", "no yaml", "no json", "long"])  # fmt: skip
def test_checking_keeps_nothing(shop: Call, text: str) -> None:
    result = load(shop, ModelLoad(document=text, check=True))
    assert not result.kept
    assert (result.faults == []) is result.valid is (text == SHOP)
    assert list_models(shop, ModelsRequest()).items == []
    assert result.text().startswith(result.name)


def test_the_tables_change_under_a_model(shop: Call) -> None:
    """A model that was right when it was loaded says what is no longer there; the rest still serves."""
    kept(shop, SHOP.replace("bronze.customers", "people"))
    (note,) = show_model(shop, ModelRequest(model="shop")).notes
    assert "No table is called 'people' yet" in note.message
    before = models_for(shop)
    assert before[0].datasets[1].source == "people"
    loaded(shop, "CustomerID,Name\n1,Ada\n", "people.csv")
    assert models_for(shop)[0].datasets[1].source == "bronze.people"
    assert show_model(shop, ModelRequest(model="shop")).notes == []


def test_models_are_made_once_for_each_version(shop: Call) -> None:
    kept(shop)
    assert models_for(shop) is models_for(shop)
    synonym(shop, "land", "orders.Country")
    assert "land" in field_of(shop, "Country").synonyms


def test_models_of_one_dataset(shop: Call) -> None:
    kept(shop)
    kept(shop, "name: other\ndatasets: [{name: customers, source: customers}]\n")
    names = [one.name for one in list_models(shop, ModelsRequest(dataset="orders")).items]
    assert names == ["shop"]
    assert [one.name for one in list_models(shop, ModelsRequest(dataset="customers")).items] == ["other", "shop"]
    with pytest.raises(NotFound, match="No dataset is called 'nope'"):
        list_models(shop, ModelsRequest(dataset="nope"))


def test_a_table_of_two_models_is_noted(shop: Call) -> None:
    kept(shop)
    second = load(shop, ModelLoad(document=SHOP.replace("name: shop", "name: second"), check=True))
    assert "The model shop speaks of orders too." in [one.message for one in second.notes]
    assert load(shop, ModelLoad(document=SHOP, check=True)).notes == []


def test_a_model_is_deleted(shop: Call) -> None:
    kept(shop)
    delete_model(shop, ModelRequest(model="shop"))
    assert models_for(shop) == ()
    with pytest.raises(NotFound, match="No semantic model is called 'shop'"):
        show_model(shop, ModelRequest(model="shop"))
    assert audited(shop) == ["semantics.delete", "semantics.load"]


def test_export_in_both_forms(shop: Call) -> None:
    kept(shop)
    assert export_model(shop, ModelExport(model="shop")).document == SHOP
    as_json = export_model(shop, ModelExport(model="shop", format="json"))
    assert json.loads(as_json.document)["semantic_model"][0]["name"] == "shop"
    kept(shop, as_json.document)
    assert export_model(shop, ModelExport(model="shop")).format == "json"
    back = export_model(shop, ModelExport(model="shop", format="yaml")).document
    assert not back.startswith("{")
    kept(shop, back)
    assert back.rstrip() == export_model(shop, ModelExport(model="shop")).text()


@pytest.mark.parametrize(
    ("word", "means", "kind"),
    [("market", "orders.Country", "column"), ("the market", "bronze.orders.country", "column"),
     ("ledger", "orders", "dataset"), ("takings", "revenue", "metric"),
     ("england", "orders.Country=United Kingdom", "value"),
     ("sum of a line", "orders.line_total", "column"), ("ob", "orders.Country=O'Brien Land", "value")],
)  # fmt: skip
def test_a_word_of_ones_own(shop: Call, word: str, means: str, kind: str) -> None:
    kept(shop)
    assert synonym(shop, word, means) == kind
    text = repr(models_for(shop))
    assert repr(word) in text
    assert show_model(shop, ModelRequest(model="own words")).notes == []
    other = replace(shop, principal=Principal("somebody else"))
    assert repr(word) not in repr(models_for(other)) or word == "market"
    assert [one.is_own for one in list_models(other, ModelsRequest()).items] == [False]
    synonym(shop, word, means, remove=True)
    assert models_for(shop)[0].metrics == models_for(other)[0].metrics


def test_words_without_a_model_of_everybody(shop: Call) -> None:
    synonym(shop, "market", "orders.Country")
    synonym(shop, "  the   land ", "orders.Country")
    synonym(shop, "market", "orders.Country")
    synonym(shop, "ledger", "orders")
    (model,) = models_for(shop)
    assert model.datasets[0].synonyms == ("ledger",)
    assert field_of(shop, "Country").synonyms == ("market", "the land")
    document = show_model(shop, ModelRequest(model="own words")).document
    assert load(shop, ModelLoad(document=document, check=True)).faults == []


@pytest.mark.parametrize(
    ("word", "means", "kind"),
    [("x", "orders.Contry", NotFound), ("x", "order", NotFound), ("x", "turnover", NotFound),
     ("12", "orders.Country", InvalidRequest), ("?!", "orders.Country", InvalidRequest)],
)  # fmt: skip
def test_words_that_mean_nothing(shop: Call, word: str, means: str, kind: type[LakebookError]) -> None:
    with pytest.raises(kind):
        synonym(shop, word, means)
    assert models_for(shop) == ()
    assert audited(shop) == []


def test_a_word_that_never_meant_it_is_not_removed(shop: Call) -> None:
    with pytest.raises(NotFound, match=r"No synonym of orders\.Country is called 'market'"):
        synonym(shop, "market", "orders.Country", remove=True)


def test_a_draft_is_a_model_without_faults(shop: Call) -> None:
    draft = propose(shop, ProposalRequest(dataset="orders")).document
    checked = load(shop, ModelLoad(document=draft, check=True))
    assert checked.faults == checked.notes == []
    assert checked.metrics == ["total_quantity", "average_unit_price", "revenue"]
    assert "# a guess: quantity times price" in draft
    assert "dimension: {is_time: true}" in draft
    assert list_models(shop, ModelsRequest()).items == []
    customers = propose(shop, ProposalRequest(dataset="customers")).document
    assert load(shop, ModelLoad(document=customers, check=True)).metrics == []


def test_numbers_of_things_are_not_added_up(shop: Call) -> None:
    lines = "\n".join(f"{536365 + row},{row},{row * 100 + 150}" for row in range(40))
    loaded(shop, f"invoice,pieces,takings\n{lines}\n", "sales.csv")
    draft = propose(shop, ProposalRequest(dataset="sales")).document
    assert load(shop, ModelLoad(document=draft, check=True)).metrics == ["total_pieces", "total_takings"]


def test_a_draft_of_odd_names(shop: Call) -> None:
    loaded(shop, 'Total "x" Amount,select,größe\n1.50,2,3\n2.25,5,6\n', "odd.csv")
    draft = propose(shop, ProposalRequest(dataset="odd")).document
    checked = load(shop, ModelLoad(document=draft, check=True))
    assert checked.faults == []
    kept(shop, draft)
    assert "größe" in repr(models_for(shop))


@pytest.mark.parametrize(("name", "said"), [("UnitPrice", "unit price"), ("unit_price", "unit price"),
                                            ("HTTPServer2", "http server2"), ("ÄußereForm", "äußereform")])  # fmt: skip
def test_words_of_names(name: str, said: str) -> None:
    assert " ".join(words_of(name)) == said.replace("äußereform", " ".join(words_of("ÄußereForm")))


@pytest.mark.parametrize(
    ("kind", "said"),
    [("DECIMAL(18,2)", "Decimal"), ("BIGINT", "Integer"), ("UTINYINT", "Integer"), ("DOUBLE", "Float"),
     ("TIMESTAMP", "DateTime"), ("TIMESTAMPTZ", "DateTimeTz"), ("TIMESTAMP WITH TIME ZONE", "DateTimeTz"),
     ("DATE", "Date"), ("TIME", "Time"), ("VARCHAR[]", "Opaque"), ("STRUCT(a INTEGER)", "Opaque"),
     ("BOOLEAN", "Boolean"), ("VARCHAR", "String"), ("UUID", "Opaque")],
)  # fmt: skip
def test_types_in_the_formats_words(kind: str, said: str) -> None:
    assert datatype_of(kind) == said


def test_a_file_is_read_where_the_caller_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shop.yaml").write_text("\ufeff" + SHOP, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert ModelLoad(document="shop.yaml").brought().document == SHOP
    assert ModelLoad(document=SHOP).brought().document == SHOP


def test_files_that_are_no_models(tmp_path: Path) -> None:
    (tmp_path / "long.yaml").write_bytes(b"#" * 10_000_000)
    (tmp_path / "odd.yaml").write_bytes(b"name: \xff\xfe")
    for name, said in (("long.yaml", "at most 2,000,000 bytes"), ("odd.yaml", "no text in UTF-8")):
        with pytest.raises(BadModel, match=said):
            ModelLoad(document=str(tmp_path / name)).brought()
    with pytest.raises(InvalidRequest, match=r"There is no file nowhere\.yaml"):
        ModelLoad(document="nowhere.yaml").brought()
