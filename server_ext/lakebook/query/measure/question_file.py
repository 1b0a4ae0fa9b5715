"""Files of questions: their lines as questions, a whole file answered, each answer kept as soon as it is there."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pydantic import ValidationError

from lakebook.errors import BadFile, InvalidRequest, LakebookError, NotFound
from lakebook.query.measure.models import AskFileRequest, FileAnswer, FileAnswers, Question
from lakebook.query.models import AskRequest
from lakebook.query.verbs import answer_to
from lakebook.rows import json_value

if TYPE_CHECKING:
    from lakebook.call import Call
    from lakebook.query.answer import Answer
    from lakebook.verb import Carry, Request

MOST_BYTES = 64 << 20
# Enough for one trip to a server, few enough that progress moves and little is lost when it stops.
BATCH = 8
# Rows of an answer that are compared or written: as many as a question may return.
MOST_ROWS = 1_000_000


def read(path: Path) -> list[Question]:
    """The questions of a file; BadFile names the line at fault."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadFile(f"{path.name} is larger than a file of questions may be.", hint="Split it.")
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise NotFound(f"There is no file {path.name}.", hint="Check the path.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"{path.name} cannot be read as text.", hint="Give JSON lines in UTF-8.") from error
    questions = [_question(line, number, path.name) for number, line in enumerate(lines, 1) if line.strip()]
    return unlike(questions)


def unlike(questions: list[Question]) -> list[Question]:
    """The questions, where no two have the same id; else InvalidRequest."""
    if not questions:
        raise InvalidRequest("There are no questions.", hint='A line is like {"id": "q1", "question": "…"}.')
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise InvalidRequest(f"The id {question.id} occurs twice.", hint="Give each question an id of its own.")
        seen.add(question.id)
    return questions


def no_questions() -> InvalidRequest:
    """The error of a request without questions."""
    hint = "Name a file of them that lies here; programs send them as `questions`."
    return InvalidRequest("There are no questions.", hint=hint)


def _question(line: str, number: int, name: str) -> Question:
    try:
        return Question.model_validate(json.loads(line))
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"])) or "line"
        raise BadFile(f"{name}, line {number}: {where}: {fault['msg'].lower()}.") from None
    except (ValueError, RecursionError):
        raise BadFile(f"{name}, line {number} is not JSON.", hint="Write one JSON object a line.") from None


def answer_here(request: Request, carry: Carry, folder: Path) -> Any:
    """Answer the request's file batch by batch; what is answered stays in `out` whatever comes then."""
    if not isinstance(request, AskFileRequest) or request.file is None:
        return carry(request)
    questions = read(folder / request.file)
    total = FileAnswers(out=request.out)
    began = time.monotonic()
    with _written(folder / request.out if request.out else None) as write:
        for start in range(0, len(questions), BATCH):
            part = AskFileRequest(questions=questions[start : start + BATCH], no_scope=request.no_scope)
            made = carry(part, start / len(questions), f"question {start + 1} of {len(questions)}")
            total.answered += made.answered
            total.declined += made.declined
            write(made.answers)
            if request.out is None:
                total.answers += made.answers
    total.seconds = round(time.monotonic() - began, 1)
    return total


@contextmanager
def _written(path: Path | None) -> Iterator[Any]:
    if path is None:
        yield lambda _answers: None
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise InvalidRequest(f"{path.name} cannot be written.", hint="Choose another path for --out.") from error
    with file:
        yield lambda answers: _write(file, answers)


def _write(file: IO[str], answers: Sequence[FileAnswer]) -> None:
    for answer in answers:
        file.write(json.dumps(answer.model_dump(mode="json", exclude_none=True), ensure_ascii=False) + "\n")
    file.flush()


def answer_all(call: Call, request: AskFileRequest) -> FileAnswers:
    """Answer the questions of the request, in order."""
    if request.file is not None or request.questions is None:
        raise no_questions()
    began = time.monotonic()
    answers = []
    for question in unlike(request.questions):
        call.check()
        answers.append(told(question.id, answered(call, question, no_scope=request.no_scope)))
    right = sum(each.status == "answered" for each in answers)
    return FileAnswers(
        answered=right,
        declined=len(answers) - right,
        seconds=round(time.monotonic() - began, 1),
        answers=answers,
    )


def answered(call: Call, question: Question, *, no_scope: bool) -> Answer | LakebookError:
    """The answer to one question, or the error in its place: one question never stops the others."""
    tables = None if no_scope else question.tables or None
    try:
        return answer_to(call, AskRequest(question=question.question, dataset=tables, limit=MOST_ROWS))
    except ValidationError:
        return InvalidRequest("The question is empty or too long.")
    except LakebookError as error:
        return error


def told(question_id: str, answer: Answer | LakebookError) -> FileAnswer:
    """An answer as a line of a file; an error declines."""
    if isinstance(answer, LakebookError):
        return FileAnswer(id=question_id, status="declined", reason=str(answer))
    if answer.status != "answered" or answer.truncated:
        return FileAnswer(
            id=question_id,
            status="declined",
            rung=answer.source,
            reason=answer.reason or repr(answer),
            words=list(answer.words),
        )
    columns, rows = rows_of(answer)
    return FileAnswer(
        id=question_id,
        status="answered",
        columns=columns,
        rows=rows,
        rung=answer.source,
        reading=answer.reading or None,
        sql=answer.sql or None,
    )


def rows_of(answer: Answer) -> tuple[list[str], list[list[Any]]]:
    """Names of columns, and rows as JSON holds them without loss; two columns may have one name."""
    table = answer.arrow()
    columns = [[json_value(value) for value in column.to_pylist()] for column in table.columns]
    return list(table.column_names), [list(row) for row in zip(*columns, strict=True)]
