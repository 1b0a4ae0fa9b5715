"""Files of questions, evaluations and self tests in a cell, the same on the home here and on a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lakebook.query.measure.models import Evaluation, FileAnswers, Selftest
from lakebook_magics.session import lakebook_of_kernel
from tests.magics.test_magics import refused, run

QUESTIONS = [
    {"id": "all", "tables": ["orders"], "question": "how many rows", "gold": ["SELECT count(*) FROM orders"]},
    {"id": "wrong", "tables": ["orders"], "question": "how many rows", "gold": ["SELECT 1"]},
    {"id": "none", "tables": ["orders"], "question": "how blue are the orders", "answerable": False, "gold": []},
]


@pytest.fixture
def asked(shell: Any) -> Any:
    """A shell in a folder with a table and a file of questions."""
    run(shell, "%ingest orders.csv --as orders --mode replace")
    folder = Path(run(shell, "import os; os.getcwd()"))
    (folder / "questions.jsonl").write_text("".join(json.dumps(each) + "\n" for each in QUESTIONS))
    return shell


def test_measuring_answers(asked: Any) -> None:
    made = run(asked, "%ask --file questions.jsonl --out answers.jsonl")
    assert isinstance(made, FileAnswers)
    assert (made.answered, made.declined) == (2, 1)
    answers = [json.loads(line) for line in Path("answers.jsonl").read_text().splitlines()]
    assert [(answer["id"], answer["status"], answer["rows"]) for answer in answers] == [
        ("all", "answered", [[600]]),
        ("wrong", "answered", [[600]]),
        ("none", "declined", []),
    ]
    figures = run(asked, "%evaluate questions.jsonl")
    assert isinstance(figures, Evaluation)
    assert (figures.right, figures.wrong, figures.declined, figures.precision) == (1, 1, 1, 0.5)
    assert figures.verdicts[0].id == "wrong"
    assert "no file gone.jsonl" in refused(asked, "%evaluate gone.jsonl")


def test_a_self_test_in_a_cell(asked: Any) -> None:
    found = run(asked, "%ask --selftest --dataset orders --most 20")
    assert isinstance(found, Selftest)
    assert (found.failed, found.asked <= 20) == (0, True)
    assert found.held > 0
    assert "what must hold" in found._repr_html_()
    assert "selftest" in [each.kind for each in lakebook_of_kernel().evaluations(dataset="orders").items]
