"""Answers as they are kept, without running anything."""

from __future__ import annotations

from lakebook.call import Call
from lakebook.query.answer import Answer
from lakebook.query.history import keep

COUNT = "SELECT COUNT(*) AS rows FROM bronze.orders WHERE \"Country\" = 'Germany' LIMIT 1000"
LATELY = "SELECT COUNT(*) AS rows FROM bronze.orders WHERE \"InvoiceDate\" >= '2011-03-01' LIMIT 1000"


def asked(call: Call, question: str = "how many rows for Germany?", sql: str = COUNT, *, source: str = "parser") -> str:
    """Keep an answer in the history; its id."""
    answer = Answer(question, "answered", source, reading="number of rows", sql=sql, datasets=(("orders", 1),))
    return keep(call, answer).query_id


def declined(call: Call, question: str) -> str:
    """Keep a declined question; its id."""
    return keep(call, Answer(question, "declined", "parser", words=("churn",))).query_id
