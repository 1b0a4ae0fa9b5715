"""What a language model is let through with: its rung alone over the questions of the development set.

`python -m tests.services.model_on_questions HOME ADDRESS MODEL QUESTIONS.jsonl [EVERY]` prints a line a question and
the counts; HOME holds the sample tables under their names. Exit 1 where a wrong answer was shown as one.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lakebook
from lakebook.call import Call
from lakebook.local import LocalPlace
from lakebook.query.answer import Answer
from lakebook.query.ladder_rungs import Asking
from lakebook.query.read import Way, statement
from lakebook.query.same_result import columns_left_over

MOST_ROWS = 100_000


def judged(call: Call, questions: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Answer, str]]:
    """Each question with what the first model made of it, and the verdict: right, wrong, or why it is no answer."""
    model = call.runtime.language_models[0]
    for question in questions:
        way = Way(call.runtime.children, call.principal.user_id, MOST_ROWS)
        asked = Asking(call, question["question"], way, tuple(question["tables"]))
        answer = asked.by_model(model)
        verdict: str = answer.status
        if answer.status == "answered":
            verdict = "right" if any(_equals(asked, answer, question, gold) for gold in question["gold"]) else "wrong"
        yield question, answer, verdict


def _equals(asked: Asking, answer: Answer, question: dict[str, Any], gold: str) -> bool:
    expected = statement(gold, asked.domain.tables, asked.way)
    return columns_left_over(_rows(expected), _rows(answer), ordered=question["ordered"]) is not None


def _rows(answer: Answer) -> list[tuple[object, ...]]:
    return list(zip(*(column.to_pylist() for column in answer.arrow().columns), strict=True))


def read(path: Path, every: int = 1) -> list[dict[str, Any]]:
    """Every so many of the file's questions."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()][::every]


def main(home: str, address: str, model: str, path: str, every: str = "1") -> int:
    """Print what came of each question, and the counts."""
    counts: Counter[str] = Counter()
    with lakebook.open(home, llm=address, llm_model=model, llm_seconds=3600) as lb:
        assert isinstance(lb.place, LocalPlace)
        for question, answer, verdict in judged(lb.place.call(), read(Path(path), int(every))):
            counts[verdict] += 1
            said = answer.reason or answer.help
            print(
                f"{question['id']} {verdict}: {question['question']} | {' '.join(answer.sql.split())} | {said}",
                flush=True,
            )
    print(dict(counts))
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
