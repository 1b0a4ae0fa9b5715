"""What the verbs over the history of questions take and give."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from lakebook.verb import Positional, Request, Result


class QuestionsRequest(Request):
    """Which questions to list."""

    search: str | None = Field(None, description="Words that the question, its name or its SQL holds.", max_length=200)
    pinned: bool = Field(False, description="Only the pinned ones.")
    limit: int = Field(100, ge=1, le=1000, description="Most questions to list.")


class QuestionRequest(Request):
    """One question of the history."""

    question: Annotated[str, Positional()] = Field(description="Id or name of the question.")


class QuestionRename(QuestionRequest):
    """One question, and what to call it."""

    name: Annotated[str, Positional()] = Field(description="The name.", min_length=1, max_length=200)


class QuestionPin(QuestionRequest):
    """One question to keep at hand."""

    off: bool = Field(False, description="Pin it no longer.")


class QuestionShare(QuestionRequest):
    """One question to show to the others of this server."""

    off: bool = Field(False, description="Share it no longer.")


class QuestionRerun(QuestionRequest):
    """One question to ask again."""

    same_versions: bool = Field(False, description="Read the tables as they were then.")
    limit: int = Field(1000, ge=1, le=1_000_000, description="Most rows to return.")


class QuestionVerify(QuestionRequest):
    """One answer that you looked at."""

    wrong: bool = Field(False, description="The answer is wrong: never give it to this question again.")
    fault: str = Field("", description="What is wrong with it.", max_length=2000)


class AskedQuestion(Result):
    """A question or statement that was answered or declined."""

    query_id: str
    asked: str = Field(description="Its name where it has one, else the question, else the statement.")
    question: str | None = None
    name: str | None = None
    reading: str | None = None
    sql: str | None = None
    status: str
    source: str
    explanation: str = ""
    datasets: list[dict[str, Any]] = Field(default_factory=list, description="Tables read, with their versions.")
    row_count: int = 0
    execution_time_ms: int = 0
    is_pinned: bool = False
    is_shared: bool = False
    verdict: Literal["right", "wrong"] | None = None
    fault: str | None = None
    user_id: str
    created_at: str
