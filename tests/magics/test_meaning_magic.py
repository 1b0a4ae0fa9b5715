"""`%semantics` and `%questions` in a notebook: a model kept, a word defined, an answer verified; home and server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lakebook_magics.complete import candidates
from tests.magics.test_magics import refused, run

ROWS = "country,pieces\n" + "".join(f"{('Germany', 'Costa Rica')[number % 2]},{number}\n" for number in range(40))
VOLUME = "{name: volume, expression: SUM(goods.pieces)}"
MODEL = f"name: shop\ndatasets: [{{name: goods, source: goods}}]\nmetrics: [{VOLUME}]\n"


@pytest.fixture(scope="module")
def goods(shell: Any) -> Any:
    """The shell with a table and its semantic model."""
    Path("goods.csv").write_text(ROWS)
    Path("shop.yaml").write_text(MODEL)
    Path("bad.yaml").write_text(MODEL.replace("goods.pieces", "goods.pices"))
    run(shell, "%ingest goods.csv")
    assert run(shell, "%semantics load shop.yaml").metrics == ["volume"]
    return shell


def test_models_are_shown_listed_and_exported(goods: Any) -> None:
    assert run(goods, "%semantics show shop").document == MODEL
    assert "shop" in [one.name for one in run(goods, "%semantics").items]
    assert "shop" in [one.name for one in run(goods, "%lake semantics").items]
    assert run(goods, "%semantics export shop --format json").document.startswith("{")
    assert "SUM(goods.pieces)" in run(goods, "%semantics propose goods").document


def test_faults_are_said_in_one_line(goods: Any) -> None:
    said = refused(goods, "%semantics load bad.yaml")
    assert said.startswith("BadModel: Line 3: Metric volume: goods has no column 'pices'; did you mean pieces?")
    assert refused(goods, "%semantics load none.yaml").startswith("InvalidRequest: There is no file none.yaml")


def test_words_of_ones_own(goods: Any) -> None:
    assert run(goods, "%semantics synonym land --means goods.country").kind == "column"
    assert run(goods, '%semantics synonym "rich coast" --means "goods.country=Costa Rica"').kind == "value"
    assert [one.is_own for one in run(goods, "%semantics").items] == [False, True]


def test_an_answer_is_verified_and_found_again(goods: Any) -> None:
    answer = run(goods, "%ask number of rows of Germany in goods")
    assert answer.status == "answered"
    assert run(goods, f"%questions verify {answer.query_id}").verdict == "right"
    assert run(goods, "%ask number of rows of Costa Rica in goods").source == "verified"
    run(goods, f"%questions rename {answer.query_id} 'of Germany'")
    assert run(goods, "%questions pin 'of Germany'").is_pinned
    assert next(iter(run(goods, "%questions").items)).asked == "of Germany"
    again = run(goods, "%questions rerun 'of Germany' --same-versions")
    assert again.df.iloc[0, -1] == 20


@pytest.mark.parametrize(
    ("line", "found"),
    [("%semantics ", "load"), ("%questions v", "verify"), ("%semantics load sh", "shop.yaml"),
     ("%semantics show s", "shop"), ("%semantics propose g", "goods"), ("%lake sem", "semantics")],
)  # fmt: skip
def test_completion(goods: Any, line: str, found: str) -> None:
    assert goods is not None
    assert found in candidates(line)
