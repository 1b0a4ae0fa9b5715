"""What is asked and said when answers are measured: files of questions, evaluations, self tests."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from lakebook.query.measure import text as measure_text
from lakebook.verb import Inline, Positional, Request, Result

MOST_QUESTIONS = 10_000


class Question(BaseModel):
    """One line of a file of questions; what it says besides is left alone."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str = Field(min_length=1, max_length=200)
    question: str = Field(max_length=100_000)
    tables: list[str] = Field(default_factory=list, description="Tables it is about; without any, all.")
    answerable: bool = True
    gold: list[str] = Field(default_factory=list, description="Statements whose result is right: any of them.")
    ordered: bool = Field(False, description="Whether the order of the rows matters.")
    tags: list[str] = Field(default_factory=list)


class AskFileRequest(Request):
    """A file of questions, one JSON object a line: `id`, `question`, and `tables` for the scope."""

    file: Annotated[str | None, Positional()] = Field(None, description="File of questions, one JSON object a line.")
    out: str | None = Field(None, description="File for the answers, one JSON object a line.")
    no_scope: bool = Field(False, description="Ask over all tables, whatever the questions name.")
    questions: Annotated[list[Question] | None, Inline()] = Field(
        None, max_length=MOST_QUESTIONS, description="The questions themselves, where there is no file."
    )


class FileAnswer(Result):
    """One answer: rows at full precision, DECIMAL as text."""

    id: str
    status: str = Field(description="`answered` or `declined`.")
    columns: list[str] = Field(default_factory=list)
    rows: list[list[Any]] = Field(default_factory=list)
    rung: str = Field("", description="Where the answer came from.")
    reading: str | None = Field(None, description="The question as it was understood, in words.")
    sql: str | None = None
    reason: str | None = Field(None, description="Why there is no answer.")
    words: list[str] = Field(default_factory=list, description="Words that were not understood.")


class FileAnswers(Result):
    """The answers to a file of questions."""

    answered: int = 0
    declined: int = 0
    seconds: float = 0.0
    out: str | None = Field(None, description="File that holds the answers.")
    answers: list[FileAnswer] = Field(default_factory=list, description="The answers, where there is no file.")


class EvaluateRequest(Request):
    """Questions with the statements whose results are right."""

    file: Annotated[str | None, Positional()] = Field(None, description="File of questions, one JSON object a line.")
    no_scope: bool = Field(False, description="Ask over all tables, whatever the questions name.")
    questions: Annotated[list[Question] | None, Inline()] = Field(
        None, max_length=MOST_QUESTIONS, description="The questions themselves, where there is no file."
    )

    def brought(self) -> Self:
        """The request with its file's questions in place of the file's name."""
        from lakebook.query.measure.question_file import read

        if self.file is None:
            return self
        return self.model_copy(update={"file": None, "questions": read(Path.cwd() / self.file)})


class Rung(Result):
    """What one rung of the ladder answered."""

    rung: str
    answered: int = 0
    right: int = 0
    precision: float | None = Field(None, description="Right of answered, 0 to 1.")


class ResultRows(Result):
    """Some rows of a result."""

    columns: list[str] = Field(default_factory=list)
    rows: list[list[Any]] = Field(default_factory=list, description="The first rows.")
    row_count: int = 0


class MeasuredRequest(Request):
    """Which measurements to list."""

    dataset: str | None = Field(None, description="Only those about this dataset.")
    limit: int = Field(20, ge=1, le=200, description="Most measurements to list.")


class Measured(Result):
    """The figures of an evaluation or a self test that was made."""

    kind: str = Field(description="`evaluation` or `selftest`.")
    datasets: list[str] = Field(default_factory=list, description="Tables that were asked about, empty for all.")
    asked: int
    answered: int
    right: int = Field(description="Answers that were right, or checks that held.")
    wrong: int = Field(description="Answers that were wrong, or checks that failed.")
    coverage: float | None = None
    precision: float | None = None
    created_at: str
    user_id: str
    job_id: str = Field(description="The job, whose result has every question.")


class Verdict(Result):
    """How one question fared."""

    id: str
    question: str
    verdict: str = Field(description="`right`, `wrong`, `declined` or `unchecked`.")
    why: str = ""
    rung: str = ""
    reading: str | None = None
    sql: str | None = None
    columns_besides: int = Field(0, description="Columns that were not asked for.")
    expected: ResultRows | None = None
    given: ResultRows | None = None


class Evaluation(Result):
    """How often answers are right on a person's own questions."""

    questions: int = 0
    answerable: int = 0
    answered: int = 0
    right: int = 0
    wrong: int = 0
    declined: int = 0
    unchecked: int = Field(0, description="Questions whose own statements do not run.")
    coverage: float | None = Field(None, description="Right of answerable, 0 to 1.")
    precision: float | None = Field(None, description="Right of answered, 0 to 1.")
    unanswerable_answered: int = 0
    right_with_columns_besides: int = 0
    seconds: float = 0.0
    datasets: list[str] = Field(default_factory=list, description="Tables that the questions name, empty for all.")
    rungs: list[Rung] = Field(default_factory=list)
    verdicts: list[Verdict] = Field(default_factory=list, description="One a question, the wrong ones first.")

    def text(self) -> str:
        """The figures, and the wrong answers with both results."""
        return measure_text.evaluation(self)

    def _repr_html_(self) -> str:
        return measure_text.as_html(self.text())


class SelftestRequest(Request):
    """The tables to try questions on."""

    dataset: str | None = Field(None, description="Table to try questions on; without one, all.")
    most: int = Field(200, ge=10, le=2000, description="Most questions to ask of one table.")


class Failure(Result):
    """Questions whose answers contradict each other."""

    questions: list[str]
    why: str


class Check(Result):
    """Something that must hold whatever the data are, and how often it did."""

    check: str
    held: int = 0
    failed: int = 0
    declined: int = Field(0, description="Times a question of it was not answered.")
    failures: list[Failure] = Field(default_factory=list)


class Selftest(Result):
    """What held of the answers on a person's own tables, without knowing any right answer."""

    datasets: list[dict[str, Any]] = Field(default_factory=list, description="Tables tried, with their versions.")
    asked: int = 0
    answered: int = 0
    held: int = 0
    failed: int = 0
    seconds: float = 0.0
    checks: list[Check] = Field(default_factory=list)

    def text(self) -> str:
        """The figures by check, and the questions that contradict each other."""
        return measure_text.selftest(self)

    def _repr_html_(self) -> str:
        return measure_text.as_html(self.text())
