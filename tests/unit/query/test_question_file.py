"""Files of questions: what a line may hold, what is said of a bad one, and that what is answered stays."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pytest

from lakebook.call import Call
from lakebook.errors import BadFile, InvalidRequest, LakebookError, NotFound, QueryTimedOut
from lakebook.query.answer import Answer
from lakebook.query.measure import question_file
from lakebook.query.measure.models import AskFileRequest, EvaluateRequest, FileAnswer, FileAnswers, Question
from lakebook.query.measure.question_file import BATCH, answer_all, answer_here, read, told
from lakebook.verb import Request


def line(**fields: Any) -> str:
    return json.dumps({"id": "q1", "question": "how many orders", **fields}) + "\n"


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "questions.jsonl"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_line_says_what_is_asked_and_what_is_right(tmp_path: Path) -> None:
    gold = ["SELECT count(*) FROM orders"]
    path = write(tmp_path, "\n" + line(tables=["orders"], gold=gold, ordered=True, tags=["count"], n_rows=1, why="x"))
    (question,) = read(path)
    assert question == Question(
        id="q1", question="how many orders", tables=["orders"], gold=gold, ordered=True, tags=["count"]
    )


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        pytest.param("", InvalidRequest, "no questions", id="empty"),
        pytest.param(line() + "{", BadFile, "line 2 is not JSON", id="no JSON"),
        pytest.param("[" * 100_000, BadFile, "line 1 is not JSON", id="deep"),
        pytest.param("[]", BadFile, "line 1: line", id="no object"),
        pytest.param('{"id": "q1"}', BadFile, "line 1: question: field required", id="no question"),
        pytest.param(line(gold="SELECT 1"), BadFile, "line 1: gold", id="gold is a list"),
        pytest.param(line() + line(), InvalidRequest, "q1 occurs twice", id="twice"),
        pytest.param(b"\xff\xfe\x00", BadFile, "cannot be read as text", id="no text"),
    ],
)
def test_a_bad_file_is_one_clear_error(
    tmp_path: Path, text: str | bytes, error: type[LakebookError], said: str
) -> None:
    with pytest.raises(error) as caught:
        read(write(tmp_path, text))
    assert said in caught.value.message
    assert str(tmp_path) not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"There is no file none\.jsonl"):
        read(tmp_path / "none.jsonl")


class Place:
    """Answers batches, and stops where it is told to."""

    def __init__(self, stop_at: int = 1 << 30) -> None:
        self.batches: list[list[str]] = []
        self.said: list[tuple[float, str]] = []
        self.stop_at = stop_at

    def __call__(self, request: Request, fraction: float = 0.0, message: str = "") -> Any:
        assert isinstance(request, AskFileRequest)
        assert request.questions is not None
        if len(self.batches) == self.stop_at:
            raise KeyboardInterrupt
        self.batches.append([question.id for question in request.questions])
        self.said.append((fraction, message))
        answers = [FileAnswer(id=each, status="answered", columns=["n"], rows=[[1]]) for each in self.batches[-1]]
        return FileAnswers(answered=len(answers), answers=answers)


def many(folder: Path, count: int) -> Path:
    return write(folder, "".join(line(id=f"q{number}") for number in range(count)))


def ids(path: Path) -> list[str]:
    return [json.loads(each)["id"] for each in path.read_text().splitlines()]


def test_a_file_is_answered_batch_by_batch_with_progress(tmp_path: Path) -> None:
    many(tmp_path, 2 * BATCH + 1)
    place = Place()
    done = answer_here(AskFileRequest(file="questions.jsonl", out="answers.jsonl"), place, tmp_path)
    assert [len(batch) for batch in place.batches] == [BATCH, BATCH, 1]
    assert place.said[1] == (BATCH / (2 * BATCH + 1), f"question {BATCH + 1} of {2 * BATCH + 1}")
    assert ids(tmp_path / "answers.jsonl") == [f"q{number}" for number in range(2 * BATCH + 1)]
    assert (done.answered, done.declined, done.out, done.answers) == (2 * BATCH + 1, 0, "answers.jsonl", [])


def test_what_is_answered_stays_when_it_is_interrupted(tmp_path: Path) -> None:
    many(tmp_path, 3 * BATCH)
    with pytest.raises(KeyboardInterrupt):
        answer_here(AskFileRequest(file="questions.jsonl", out="answers.jsonl"), Place(stop_at=2), tmp_path)
    assert ids(tmp_path / "answers.jsonl") == [f"q{number}" for number in range(2 * BATCH)]


def test_without_a_file_for_them_the_answers_are_the_result(tmp_path: Path) -> None:
    many(tmp_path, BATCH + 2)
    done = answer_here(AskFileRequest(file="questions.jsonl"), Place(), tmp_path)
    assert [answer.id for answer in done.answers] == [f"q{number}" for number in range(BATCH + 2)]


def test_a_place_that_cannot_be_written_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    many(tmp_path, 2)
    place = Place()
    with pytest.raises(InvalidRequest, match="cannot be written"):
        answer_here(AskFileRequest(file="questions.jsonl", out="none/answers.jsonl"), place, tmp_path)
    assert place.batches == []


def test_questions_go_as_they_are_where_there_is_no_file(tmp_path: Path) -> None:
    request = AskFileRequest(questions=[Question(id="a", question="b")])
    assert answer_here(request, Place(), tmp_path).answered == 1


def test_an_evaluation_brings_its_questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    many(tmp_path, 2)
    brought = EvaluateRequest(file="questions.jsonl", no_scope=True).brought()
    assert brought.file is None
    assert brought.no_scope
    assert [question.id for question in brought.questions or []] == ["q0", "q1"]
    assert EvaluateRequest().brought() == EvaluateRequest()


class Caller:
    """The one thing of a call that is needed here."""

    def check(self) -> None:
        """Nothing is cancelled."""


def answers_to(monkeypatch: pytest.MonkeyPatch, answers: Sequence[Answer | LakebookError]) -> list[Any]:
    asked: list[Any] = []

    def answer_to(_call: object, request: Any) -> Answer:
        asked.append((request.question, request.dataset))
        given = answers[len(asked) - 1]
        if isinstance(given, LakebookError):
            raise given
        return given

    monkeypatch.setattr("lakebook.query.measure.question_file.answer_to", answer_to)
    return asked


def table(**columns: list[Any]) -> Answer:
    return Answer(question="q", status="answered", source="parser", table=pa.table(columns))


def test_one_question_never_stops_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    declined = Answer(question="q", status="declined", source="parser", reason="I do not know.")
    asked = answers_to(monkeypatch, [QueryTimedOut("It took too long."), declined, table(n=[1])])
    questions = [Question(id=str(number), question="q", tables=["orders"]) for number in range(3)]
    questions.insert(1, Question(id="long", question="q " * 40_000))
    done = answer_all(cast(Call, Caller()), AskFileRequest(questions=questions))
    assert [answer.status for answer in done.answers] == ["declined", "declined", "declined", "answered"]
    assert "too long" in (done.answers[0].reason or "")
    assert done.answers[2].reason == "I do not know."
    assert (done.answered, done.declined) == (1, 3)
    assert asked[0] == ("q", ["orders"])


def test_the_scope_can_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answers_to(monkeypatch, [table(n=[1]), table(n=[1])])
    questions = [Question(id="a", question="q", tables=["orders"]), Question(id="b", question="r")]
    question_file.answer_all(cast(Call, Caller()), AskFileRequest(questions=questions, no_scope=True))
    assert asked == [("q", None), ("r", None)]


def test_files_are_read_where_they_lie_only() -> None:
    with pytest.raises(InvalidRequest, match="no questions"):
        answer_all(cast(Call, Caller()), AskFileRequest(file="/etc/passwd"))


def test_rows_keep_every_digit_and_every_column() -> None:
    names = pa.table([pa.array([Decimal("0.10")]), pa.array([2**60])], names=["n", "n"])
    line = told("a", Answer(question="q", status="answered", source="parser", table=names))
    assert (line.columns, line.rows) == (["n", "n"], [["0.10", str(2**60)]])


def test_part_of_the_rows_is_no_answer() -> None:
    part = Answer(question="q", status="answered", source="parser", table=pa.table({"n": [1]}), truncated=True)
    assert told("a", part).status == "declined"
