"""Files of statements: split, told by line, validated over tables that DDL describes, and the command for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lakebook.errors import InvalidRequest
from lakebook.query.guard.statement_files import Case, cases_of, described, validated
from lakebook_cli.main import main

DDL = """
-- a shop
CREATE TABLE orders (id BIGINT PRIMARY KEY, total DECIMAL(12,2), "Line No" INTEGER, tags VARCHAR[], CHECK (id > 0));
INSERT INTO orders VALUES (1, 2.5, 3, NULL);
CREATE TABLE "People" (name VARCHAR, born DATE);
CREATE VIEW v AS SELECT 1;
"""


def test_json_lines() -> None:
    lines = (
        '{"id": "a", "sql": "select 1", "dialect": "spark"}',
        "",
        '{"sql": "select 2", "m": 1}',
        '{"id": 7, "sql": ""}',
    )
    text = "\n".join(lines)
    assert cases_of(text, "x.JSONL") == [
        Case("a", "select 1", "spark"),
        Case(3, "select 2", "duckdb"),
        Case(7, "", "duckdb"),
    ]
    assert cases_of(text, "x.jsonl", "snowflake")[1].dialect == "snowflake"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("select 1", "Line 2 is not JSON"),
        ("[1]", "Line 2 has no text `sql`"),
        ('{"id": 1}', "Line 2 has no text `sql`"),
        ('{"sql": 5}', "Line 2 has no text `sql`"),
        ('{"sql": "select 1", "dialect": "oracle"}', "Line 2 names the dialect 'oracle'"),
    ],
)
def test_lines_that_are_no_cases(line: str, message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        cases_of('{"sql": "select 1"}\n' + line, "x.jsonl")


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("select 1;\nselect 2", ["select 1", "select 2"]),
        ("select ';' as a; -- b; c\n select 2;", ["select ';' as a", "-- b; c\n select 2"]),
        (";;select 1;;", ["select 1"]),
        ("/* only; this */", []),
        ('select $$a;b$$; select "x;y"', ["select $$a;b$$", 'select "x;y"']),
        ("select 'a", ["select 'a"]),
        ("", []),
    ],
)
def test_plain_statements_are_split(text: str, statements: list[str]) -> None:
    cases = cases_of(text, "x.sql")
    assert [case.sql for case in cases] == statements
    assert [case.id for case in cases] == list(range(1, len(statements) + 1))


def test_tables_as_they_are_described() -> None:
    tables = described(DDL).in_dialect("duckdb")
    assert [table.name for table in tables] == ["orders", "People"]
    assert [(column.name, column.data_type) for column in tables[0].columns] == [
        ("id", "BIGINT"), ("total", "DECIMAL(12, 2)"), ("Line No", "INT"), ("tags", "TEXT[]"),
    ]  # fmt: skip


def test_names_are_stored_as_the_dialect_stores_them() -> None:
    stored = described(DDL).in_dialect("snowflake")
    assert [table.name for table in stored] == ["ORDERS", "People"]
    assert [column.name for column in stored[0].columns] == ["ID", "TOTAL", "Line No", "TAGS"]
    assert {table.engine for table in stored} == {"snowflake"}


@pytest.mark.parametrize("ddl", ["CREATE TABLE", "SELECT 1", "", "CREATE TABLE t AS SELECT 1"])
def test_descriptions_without_a_table(ddl: str) -> None:
    with pytest.raises(InvalidRequest):
        described(ddl)


def test_each_verdict_says_where() -> None:
    tables = described(DDL).in_dialect("duckdb")
    assert validated(Case("a", "select total from orders", "duckdb"), tables) == {
        "id": "a",
        "valid": True,
        "errors": [],
    }
    refused = validated(Case("b", "select total,\n totl from orders", "duckdb"), tables)
    assert refused == {
        "id": "b",
        "valid": False,
        "errors": [
            {"message": "There is no column 'totl' to be had here. Did you mean 'total'?", "line": 2, "column": 2}
        ],
    }


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """A file of cases and the tables that it speaks of."""
    cases, ddl = tmp_path / "cases.jsonl", tmp_path / "schema.sql"
    lines = [("g1", "SELECT total FROM orders", "snowflake"), ("g2", "DROP TABLE orders", "duckdb")]
    written = [json.dumps({"id": key, "sql": sql, "dialect": dialect}) for key, sql, dialect in lines]
    cases.write_text("\n".join(written), encoding="utf-8")
    ddl.write_text(DDL, encoding="utf-8")
    return str(cases), str(ddl)


def test_the_command_prints_a_verdict_a_line(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--file", files[0], "--tables", files[1], "--json"]) == 1
    verdicts = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(verdict["id"], verdict["valid"]) for verdict in verdicts] == [("g1", True), ("g2", False)]
    assert verdicts[1]["errors"] == [{"message": "Only a SELECT may run.", "line": 1, "column": 1}]


def test_the_command_in_words(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", f"--file={files[0]}", "--tables", files[1]]) == 1
    assert capsys.readouterr().out == "g1: valid\ng2: line 1, column 1: Only a SELECT may run.\n"


def test_the_command_where_all_is_valid(tmp_path: Path, files: tuple[str, str]) -> None:
    plain = tmp_path / "report.sql"
    plain.write_text('SELECT count(*) FROM orders;\nSELECT name FROM "People";', encoding="utf-8")
    assert main(["validate", "--file", str(plain), "--tables", files[1]]) == 0


@pytest.mark.parametrize("as_json", [True, False])
def test_the_command_over_the_tables_of_a_home(
    tmp_path: Path, as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = tmp_path / "report.sql"
    plain.write_text("SELECT 1; SELECT * FROM nowhere", encoding="utf-8")
    words = ["validate", "--file", str(plain), "--home", str(tmp_path / "home"), *(["--json"] if as_json else [])]
    assert main(words) == 1
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 2
    assert "There is no table 'nowhere' here." in said[1]


@pytest.mark.parametrize("as_json", [True, False])
def test_the_command_says_what_it_cannot_read(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--file", "nowhere.sql", *(["--json"] if as_json else [])]) == 1
    captured = capsys.readouterr()
    assert "nowhere.sql cannot be read as text." in (captured.out if as_json else captured.err)
    assert main(["validate", "--file", "nowhere.sql", "--dialect", "oracle"]) == 2
    assert "oracle" in capsys.readouterr().err
