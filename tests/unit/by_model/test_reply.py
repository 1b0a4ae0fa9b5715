"""The one statement in what a model says, or why there is none."""

from __future__ import annotations

import pytest

from lakebook.query.by_model.reply import NoStatement, statement_in

FOUND: dict[str, tuple[str, str]] = {
    "plain": ("SELECT 1", "SELECT 1"),
    "semicolon": ("SELECT 1;", "SELECT 1"),
    "fence": ("Here:\n```sql\nSELECT a\nFROM t;\n```\nDone.", "SELECT a\nFROM t"),
    "fence in one line": ("```SELECT 1```", "SELECT 1"),
    "fence never closed": ("```sql\nSELECT 1", "SELECT 1"),
    "the same twice": ("```\nSELECT 1\n```\nagain\n```\nSELECT  1\n```", "SELECT 1"),
    "label": ("SQL: SELECT a FROM t", "SELECT a FROM t"),
    "label before a new line": ("Query:\nSELECT a FROM t", "SELECT a FROM t"),
    "prose after a blank line": ("SELECT a\nFROM t\n\nThis shows a.", "SELECT a\nFROM t"),
    "blank line inside": ("SELECT a\n\nFROM t\n\nWHERE b = 1", "SELECT a\nFROM t\nWHERE b = 1"),
    "semicolon in a text": ("SELECT a FROM t WHERE b = 'x; y'", "SELECT a FROM t WHERE b = 'x; y'"),
    "thoughts": ("<think>SELECT 2; DROP TABLE t</think>\nSELECT 1<|im_end|>", "SELECT 1"),
    "thoughts never ended": ("SELECT 1\n<think>hmm", "SELECT 1"),
    "with": ("WITH a AS (SELECT 1) SELECT * FROM a", "WITH a AS (SELECT 1) SELECT * FROM a"),
    "in brackets": ("(SELECT 1) UNION (SELECT 2)", "(SELECT 1) UNION (SELECT 2)"),
    "JSON": ('{"sql": "SELECT 1"}', "SELECT 1"),
    "JSON in a fence": ('```json\n{"query": "SELECT 1"}\n```', "SELECT 1"),
    "marks of a web page": ("SELECT a FROM t WHERE b &gt; 1 AND c &lt; 2", "SELECT a FROM t WHERE b > 1 AND c < 2"),
    "first word misspelled": ("SELET a FROM t", "SELET a FROM t"),
}
NONE: dict[str, tuple[str, str]] = {
    "prose": ("I am sorry, I cannot help with that.", "no SQL"),
    "nothing": ("", "no SQL"),
    "prose about it": ("You should select a column from the table.", "no SQL"),
    "cannot": ("CANNOT", "cannot answer"),
    "cannot in a fence": ("```\nCANNOT\n```", "cannot answer"),
    "two statements": ("SELECT 1; SELECT 2", "more than one"),
    "a write behind": ("SELECT 1;\nDROP TABLE orders", "more than one"),
    "a write before": ("DELETE FROM orders;\nSELECT 1", "more than one"),
    "a write": ("DROP TABLE orders", "no SELECT"),
    "a setting": ("PRAGMA database_list", "no SELECT"),
    "two in fences": ("```\nSELECT 1\n```\nor\n```\nSELECT 2\n```", "several statements"),
    "JSON without SQL": ('{"answer": 42}', "no SQL"),
    "broken JSON": ('{"sql": "SEL', "no SQL"),
    "another misspelled word": ("SELLERS are the people who sell", "no SQL"),
}


@pytest.mark.parametrize("name", list(FOUND))
def test_the_statement_is_found(name: str) -> None:
    reply, statement = FOUND[name]
    assert statement_in(reply) == statement


@pytest.mark.parametrize("name", list(NONE))
def test_why_there_is_none_is_said(name: str) -> None:
    reply, reason = NONE[name]
    found = statement_in(reply)
    assert isinstance(found, NoStatement)
    assert reason in found.reason
