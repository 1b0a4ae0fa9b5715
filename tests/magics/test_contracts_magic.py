"""`%contracts` in a notebook: shown, accepted, held to by `%ingest --contract`, dropped; on a home and on a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lakebook.catalog.contract_models import Contract
from lakebook_magics.complete import candidates
from tests.magics.test_magics import refused, run

GOOD = "id,status\n" + "".join(f"{number},{('open', 'done')[number % 2]}\n" for number in range(40))
BAD = "id,status\n90,lost\n91,open\n"


@pytest.fixture(scope="module")
def sales(shell: Any) -> Any:
    """The shell with a table whose status is held to its values."""
    Path("sales.csv").write_text(GOOD)
    Path("bad.csv").write_text(BAD)
    run(shell, "%ingest sales.csv")
    accepted = run(shell, "%contracts accept sales values:status unique:id")
    assert isinstance(accepted, Contract)
    assert [rule.rule_id for rule in accepted.rules] == ["unique:id", "values:status"]
    return shell


def test_a_contract_is_shown_and_listed(sales: Any) -> None:
    shown = run(sales, "%contracts show sales")
    assert {rule.rule_id for rule in shown.rules} == {"unique:id", "values:status"}
    assert "no value of id comes twice" in shown._repr_html_()
    assert [one.name for one in run(sales, "%contracts").items] == ["sales"]
    assert [one.rules for one in run(sales, "%lake contracts").items] == [2]


def test_a_file_that_breaks_it_is_refused_in_one_line(sales: Any) -> None:
    said = refused(sales, "%ingest bad.csv --as sales --mode append --contract")
    assert said.startswith(
        "ContractBroken: bad.csv breaks a rule of the contract of sales: status is one of: done, open"
    )
    assert "'lost'" in said
    assert run(sales, "%profile sales").row_count == 40


def test_what_is_ignored_is_shown_again_when_it_is_dropped(sales: Any) -> None:
    Path("twice.csv").write_text("a\n1\n1\n")
    run(sales, "%ingest twice.csv")
    assert run(sales, "%contracts ignore twice duplicates").ignored == ["duplicates"]
    assert [issue.issue_id for issue in run(sales, "%profile twice").issues] == ["constant:a"]
    assert run(sales, "%contracts drop twice duplicates").ignored == []
    assert "duplicates" in [issue.issue_id for issue in run(sales, "%profile twice").issues]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("%contracts break sales", "show, accept, ignore, drop"),
        ("%contracts accept sales nonsense", "nonsense"),
        ("%contracts show nowhere", "nowhere"),
        ("%contracts accept sales", "rules"),
    ],
)
def test_refusals_say_what_to_do(sales: Any, cell: str, said: str) -> None:
    assert said in refused(sales, cell)


def test_tab_completes_members_tables_and_rules(sales: Any) -> None:
    assert candidates("%contracts ac") == ["accept"]
    assert "sales" in candidates("%contracts show sa")
    assert "range:id" in candidates("%contracts accept sales range")
    assert candidates("%contracts drop sales ") == ["unique:id", "values:status"]
    assert candidates("%contracts ignore sales ") == []


def test_help_names_the_members(sales: Any) -> None:
    assert "accept" in str(sales.object_inspect("%contracts")["docstring"])
