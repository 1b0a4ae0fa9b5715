"""Contracts: issues and rules that were accepted, kept for each table, and the loads that are held to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from lakebook.call import Call
from lakebook.catalog.contract_models import Contract, ContractRequest, ContractsRequest
from lakebook.catalog.contracts import accept_rules, drop_rules, ignore_issues, list_contracts, show_contract
from lakebook.catalog.expiry import forget_expired
from lakebook.catalog.models import DatasetRequest, ProfileRequest, RenameRequest
from lakebook.catalog.verbs import delete_dataset, profile, rename_dataset, show_dataset
from lakebook.errors import ContractBroken, InvalidRequest, NotFound
from lakebook.ids import now
from lakebook.ingest.accept import ingest
from lakebook.jobs.submit import submit
from lakebook.metadata import schema
from lakebook.verbs import BY_NAME
from tests.unit.remains import left_in, rows_of
from tests.unit.tables.seats import claimed, killed_at, loaded, parquet_in, seated

HEAD = "id,status,price,when,note\n"
FIRST = HEAD + "1,open,3.50,2024-04-01,a\n2,done,4,2024-04-02,b\n3,done,9,2024-04-03,\n3,done,9,2024-04-03,\n"


def accept(call: Call, *rules: str) -> Contract:
    return accept_rules(call, ContractRequest(dataset="orders", rules=list(rules)))


def held(call: Call, rows: str, mode: str = "append", **words: Any) -> Any:
    return loaded(call, rows, "more.csv", name="orders", mode=mode, contract=True, **words)


def broken(call: Call, rows: str, mode: str = "append", **words: Any) -> ContractBroken:
    """The refusal of these rows; nothing of them is left."""
    before = call.runtime.catalog.dataset("orders")
    files = parquet_in(call, before.s3_key)
    with pytest.raises(ContractBroken) as refused:
        held(call, rows, mode, **words)
    assert call.runtime.catalog.dataset("orders") == before
    assert parquet_in(call, before.s3_key) == files
    assert left_in(call.runtime) == []
    assert "Nothing was loaded." in refused.value.message
    return refused.value


KEPT_AND_BROKEN = [
    ("type:id", "7,open,1,2024-04-05,x\n", "x7,open,1,2024-04-05,x\n", 1),
    ("type:when", "7,open,1,2024-04-05,x\n", "7,open,1,soon,x\n", 1),
    ("type:price", "7,open,1.25,2024-04-05,x\n", "7,open,1.256,2024-04-05,x\n", 1),
    ("nulls:id", "7,open,1,2024-04-05,x\n", ",open,1,2024-04-05,x\n,done,1,2024-04-05,x\n", 2),
    ("missing_values:note", "7,open,1,2024-04-05,\n8,open,1,2024-04-05,x\n",
     "7,open,1,2024-04-05,\n8,open,1,2024-04-05,\n9,open,1,2024-04-05,x\n", 2),
    ("range:price", "7,open,9,2024-04-05,x\n", "7,open,9.01,2024-04-05,x\n8,open,3,2024-04-05,x\n", 2),
    ("range:when", "7,open,9,2024-04-03,x\n", "7,open,9,2024-04-04,x\n", 1),
    ("values:status", "7,open,1,2024-04-05,x\n", "7,Open,1,2024-04-05,x\n8,,1,2024-04-05,x\n", 1),
    ("duplicates", "7,open,1,2024-04-05,x\n", "1,open,3.50,2024-04-01,a\n", 1),
]  # fmt: skip


@pytest.mark.parametrize("mode", ["append", "replace"])
@pytest.mark.parametrize(("rule", "good", "bad", "count"), KEPT_AND_BROKEN, ids=lambda one: str(one)[:12].strip())
def test_a_rule_lets_good_rows_pass_and_stops_the_others(
    call: Call, mode: str, rule: str, good: str, bad: str, count: int
) -> None:
    loaded(call, FIRST)
    accept(call, rule)
    if mode == "replace" and rule == "duplicates":
        bad = f"{good}{good}"
    refused = broken(call, HEAD + bad, mode)
    (told,) = refused.details["broken"]
    assert told["count"] == count
    assert told["description"] in refused.message
    assert len(told["examples"]) == (0 if rule == "duplicates" else count)
    assert f"lakebook contracts drop orders {told['rule_id']}" in refused.hint
    assert held(call, HEAD + good, mode).version == 2


def test_a_key_is_looked_for_in_the_whole_table(call: Call) -> None:
    loaded(call, HEAD + "1,open,3,2024-04-01,a\n2,done,4,2024-04-02,b\n")
    accept(call, "unique:id")
    refused = broken(call, HEAD + "2,open,5,2024-04-05,c\n9,open,5,2024-04-05,c\n")
    assert refused.details["broken"][0]["examples"][0]["id"] == 2
    assert "1 row does not keep it (such as '2')" in refused.message
    assert held(call, HEAD + "2,open,5,2024-04-05,c\n", "replace").rows == 1
    broken(call, HEAD + "5,open,5,2024-04-05,c\n5,done,5,2024-04-05,c\n", "replace")


def test_a_file_without_a_column_breaks_its_rules(call: Call) -> None:
    loaded(call, FIRST)
    accept(call, "range:price", "nulls:id")
    refused = broken(call, "id,status\n7,open\n", "replace")
    assert "price lies from 3.50 to 9.00, but price is missing from the file" in refused.message


def test_a_file_without_a_part_of_a_key_breaks_it(call: Call) -> None:
    loaded(call, "a,b\n1,x\n1,y\n2,x\n2,y\n")
    accept(call, "unique:a+b")
    assert held(call, "a,b\n3,x\n").version == 2
    refused = broken(call, "a\n4\n5\n", "replace")
    assert "no two rows have the same a and b, but its columns are not all in the file" in refused.message
    assert refused.details["broken"][0]["count"] == 2


def test_blanks_that_were_accepted_as_a_fault_stop_the_next_file(call: Call) -> None:
    loaded(call, 'id,note\n1," a"\n2,b\n3,c\n')
    accept(call, "outer_blanks:note")
    assert held(call, "id,note\n4,d\n").version == 2
    refused = broken(call, 'id,note\n5,"e\t"\n6,f\n7,\n')
    assert "no value of note begins or ends with blanks, but 1 row does not keep it" in refused.message
    assert [row["id"] for row in refused.details["broken"][0]["examples"]] == [5]


def test_the_first_broken_rules_are_said_and_all_are_told(call: Call) -> None:
    loaded(call, FIRST)
    accept(call, "type:id", "nulls:status", "range:price", "values:status")
    refused = broken(call, HEAD + "x,maybe,100,2024-04-05,x\ny,,200,2024-04-05,x\n")
    assert "more.csv breaks 4 rules of the contract of orders" in refused.message
    assert "; and 1 more" in refused.message
    assert [one["count"] for one in refused.details["broken"]] == [1, 2, 2, 1]
    assert refused.status == 422


def test_rows_that_cannot_be_read_break_the_rule_that_there_be_none(call: Call) -> None:
    loaded(call, '{"a": 1}\n{"a": "x\n', "orders.jsonl")
    accept_rules(call, ContractRequest(dataset="orders", rules=["rejected_rows"]))
    with pytest.raises(ContractBroken, match="every row can be read, but 1 row does not keep it"):
        loaded(call, '{"a": 2}\n[7]\n', "more.jsonl", name="orders", mode="append", contract=True)


def test_a_deviation_that_was_accepted_as_a_fault_stops_the_next_file(call: Call) -> None:
    counted = loaded(call, "a,b\n1,2\n3,4,5\n").deviation_counts
    (kind,) = counted
    accept(call, kind)
    with pytest.raises(ContractBroken, match="no place of the kind"):
        loaded(call, "a,b\n1,2\n7,8,9\n", "more.csv", name="orders", mode="append", contract=True)
    assert loaded(call, "a,b\n7,8\n", "good.csv", name="orders", mode="append", contract=True).version == 2


def test_without_the_word_nothing_is_checked(call: Call) -> None:
    loaded(call, FIRST)
    accept(call, "values:status")
    assert loaded(call, HEAD + "7,lost,1,2024-04-05,x\n", "more.csv", name="orders", mode="append").version == 2


def test_a_table_without_a_contract_cannot_be_held_to_it(call: Call) -> None:
    loaded(call, FIRST)
    with pytest.raises(InvalidRequest, match="orders has no contract"):
        held(call, FIRST)
    with pytest.raises(InvalidRequest, match="sales has no contract"):
        loaded(call, FIRST, "sales.csv", contract=True)
    assert call.runtime.jobs.claim("nobody") is None


def test_rows_set_aside_do_not_break_a_contract(call: Call) -> None:
    loaded(call, FIRST)
    accept(call, "type:id")
    text = HEAD + "x,open,1,2024-04-05,x\n7,open,1,2024-04-05,x\n"
    assert held(call, text, schema_mode="quarantine").rejected_rows == 1
    assert rows_of(call.runtime, "orders")[-1]["id"] == 7


@pytest.mark.parametrize("point", ["after-parquet", "after-delta"])
def test_a_load_that_was_checked_is_completed_after_a_kill(
    call: Call, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    """What another attempt finds was checked already: a rule accepted since does not leave a half-made load."""
    loaded(call, FIRST)
    accept(call, "type:id")
    inner, request = seated(
        call, HEAD + "7,lost,1,2024-04-05,x\n", "more.csv", name="orders", mode="append", contract=True
    )
    killed_at(call, monkeypatch, point, inner, request)
    accept(call, "values:status")
    assert ingest(*claimed(call)).version == 2
    assert left_in(call.runtime) == []


def test_the_contract_is_shown_and_what_it_could_hold(call: Call) -> None:
    loaded(call, FIRST)
    shown = accept(call, "missing_values:note", "nulls:id")
    assert [(rule.rule_id, rule.description) for rule in shown.rules] == [
        ("nulls:id", "id is never missing"), ("nulls:note", "at most 50 % of note is missing"),
    ]  # fmt: skip
    suggested = [rule.rule_id for rule in shown.suggested]
    assert "nulls:id" not in suggested
    assert {"type:id", "range:price", "values:status"} <= set(suggested)
    assert show_contract(call, DatasetRequest(dataset="orders")) == shown
    (listed,) = list_contracts(call, ContractsRequest()).items
    assert (listed.name, listed.rules, listed.ignored) == ("orders", 2, 0)


def test_rules_are_dropped_and_accepted_anew(call: Call) -> None:
    loaded(call, FIRST)
    accept(call, "values:status", "nulls:id")
    left = drop_rules(call, ContractRequest(dataset="orders", rules=["values:status"]))
    assert [rule.rule_id for rule in left.rules] == ["nulls:id"]
    assert held(call, HEAD + "7,lost,1,2024-04-05,x\n").version == 2
    accept(call, "values:status")
    assert held(call, HEAD + "8,lost,1,2024-04-05,x\n").version == 3


def test_an_ignored_issue_is_shown_no_longer(call: Call) -> None:
    loaded(call, FIRST)
    assert "duplicates" in [issue.issue_id for issue in profile(call, ProfileRequest(dataset="orders")).issues]
    ignored = ignore_issues(call, ContractRequest(dataset="orders", rules=["duplicates"]))
    assert ignored.ignored == ["duplicates"]
    found = profile(call, ProfileRequest(dataset="orders", fixes=True))
    assert "duplicates" not in [issue.issue_id for issue in found.issues]
    assert (found.ignored, found.duplicate_rows) == (["duplicates"], 1)
    shown = show_dataset(call, DatasetRequest(dataset="orders")).profile
    assert shown is not None
    assert shown.ignored == ["duplicates"]
    drop_rules(call, ContractRequest(dataset="orders", rules=["duplicates"]))
    assert "duplicates" in [issue.issue_id for issue in profile(call, ProfileRequest(dataset="orders")).issues]


@pytest.mark.parametrize(
    ("verb", "word", "kind"),
    [
        (accept_rules, "missing_values:nope", NotFound),
        (ignore_issues, "type:id", NotFound),
        (drop_rules, "type:id", NotFound),
    ],
    ids=["accept", "ignore", "drop"],
)
def test_what_is_not_there_is_said_with_what_is(call: Call, verb: Any, word: str, kind: type[Exception]) -> None:
    loaded(call, FIRST)
    with pytest.raises(kind, match=word):
        verb(call, ContractRequest(dataset="orders", rules=[word]))
    assert list_contracts(call, ContractsRequest()).items == []


def test_an_issue_that_no_row_can_break_makes_no_rule(call: Call) -> None:
    loaded(call, "contact,n\nada@example.org,1\ngrace@example.org,2\n")
    with pytest.raises(InvalidRequest, match="No rule comes of 'personal_data:contact'"):
        accept(call, "personal_data:contact")


def test_a_contract_goes_with_its_table(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded(call, FIRST)
    accept(call, "nulls:id")
    rename_dataset(call, RenameRequest(dataset="orders", name="sales"))
    assert [rule.rule_id for rule in show_contract(call, DatasetRequest(dataset="sales")).rules] == ["nulls:id"]
    delete_dataset(call, DatasetRequest(dataset="sales"))
    assert list_contracts(call, ContractsRequest()).items == []
    monkeypatch.setattr("lakebook.catalog.expiry.now", lambda: now() + timedelta(days=30))
    assert forget_expired(call.runtime) == 1
    with call.runtime.database.read() as connection:
        assert connection.execute(schema.contract_rule.select()).all() == []
        assert connection.execute(schema.schema_version.select()).all() == []


@pytest.mark.parametrize("words", ["a:b c", "a:b,c", ["a:b", "c"]], ids=["blank", "comma", "list"])
def test_rules_are_named_by_words(words: Any) -> None:
    assert ContractRequest.model_validate({"dataset": "orders", "rules": words}).rules == ["a:b", "c"]


@pytest.mark.parametrize("words", [[1], 7, [], "", ", ,"], ids=["numbers", "number", "none", "empty", "commas"])
def test_rules_are_words_and_at_least_one(words: Any) -> None:
    with pytest.raises(ValidationError, match="rules"):
        ContractRequest.model_validate({"dataset": "orders", "rules": words})


def test_changes_are_audited(call: Call) -> None:
    loaded(call, FIRST)
    accept(call, "nulls:id")
    drop_rules(call, ContractRequest(dataset="orders", rules=["nulls:id"]))
    with call.runtime.database.read() as connection:
        found = [(row.action, row.details["rules"]) for row in connection.execute(schema.audit.select())
                 if row.action.startswith("contracts.")]  # fmt: skip
    assert found == [("contracts.accept", ["nulls:id"]), ("contracts.drop", ["nulls:id"])]


def test_the_door_refuses_before_a_job_is_queued(call: Call) -> None:
    loaded(call, FIRST)
    request = BY_NAME["ingest"].request.model_validate(
        {"source": "orders.csv", "name": "orders", "mode": "append", "contract": True}
    )
    with pytest.raises(InvalidRequest, match="no contract"):
        submit(call, BY_NAME["ingest"], request, staffed=True)
