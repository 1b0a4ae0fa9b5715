"""Questions over a million rows, from the call to the frame, in turns with DuckDB alone running the very same SQL."""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median, quantiles

import duckdb

import lakebook
from lakebook.client import Lakebook
from lakebook.local import LocalPlace
from lakebook.query import run
from lakebook.query.children.pool import Children
from lakebook.query.domain import Domain
from lakebook.query.domains import domain_of
from lakebook.query.parse.question import understand
from lakebook.query.read import Way
from lakebook.query.reading import Reading
from lakebook.query.seen import Values, values_from
from lakebook.query.tables import Table

ROWS = 1_000_000
ROUNDS = 30
LIMIT_MS, FORKED_MS, PARSER_MS = 150, 250, 10
QUESTIONS = (
    "how many sales",
    "total amount by country",
    "top 5 countries by total amount",
    "average amount in Germany",
    "total amount by month",
    "how many different customers",
    "how many sales in France in 2024",
    "median amount by category",
)
# Over the eleven tables of a music shop: what they mean is found among many more names.
MUSIC = (
    "how many tracks are there per genre",
    "top 5 artists by number of albums",
    "albums holding 25 tracks or more: title and number of tracks",
    "average invoice total by billing country",
    "customers who never bought anything",
    "which album has the longest total playing time",
    "number of customers per support rep",
    "how many invoices in 2011 by month",
)
COUNTRIES = ("Germany", "France", "Spain", "Italy", "Norway", "Japan", "Chile", "Kenya")


def content(folder: Path) -> Path:
    """A file of a million sales."""
    file = folder / "sales.parquet"
    chosen = ", ".join(f"'{each}'" for each in COUNTRIES)
    duckdb.execute(f"""
        COPY (SELECT i AS sale_id, (i * 7919) % 50000 AS customer_id, [{chosen}][1 + (i * 31) % 8] AS country,
            'category ' || (i * 17) % 12 AS category, TIMESTAMP '2023-01-01' + INTERVAL (i % 1051200) MINUTE AS sold_at,
            CAST((i * 37) % 100000 / 100.0 AS DECIMAL(10,2)) AS amount FROM range({ROWS}) AS t(i))
        TO '{file}' (FORMAT parquet)""")
    return file


def spent(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Milliseconds by the clock, or by another."""
    started = clock()
    work()
    return (clock() - started) * 1000


def frame(lb: Lakebook, question: str, *, fresh: bool = True) -> object:
    """A question's frame."""
    return lb.ask(question, fresh=fresh).df


def alone(connection: duckdb.DuckDBPyConnection, sql: str) -> object:
    """A statement's frame, by DuckDB itself."""
    return connection.sql(sql).df()


def bare(table: Table) -> duckdb.DuckDBPyConnection:
    """DuckDB over the same files, with nothing around it."""
    connection = duckdb.connect()
    connection.execute(f"CREATE SCHEMA {table.layer}")
    connection.execute(f"CREATE VIEW {table.full_name} AS SELECT * FROM read_parquet({list(table.files)})")
    return connection


def tell(name: str, times: list[float], limit: float | None = None) -> None:
    """Print a row: median, p95, and whether it keeps the limit."""
    p95 = quantiles(times, n=20)[-1]
    kept = "" if limit is None else f"   limit {limit:g} ms: {'kept' if p95 <= limit else 'NOT KEPT'}"
    print(f"  {name:<44} median {median(times):7.1f} ms   p95 {p95:7.1f} ms   of {len(times)}{kept}")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LAKEBOOK_HOME"] = f"{folder}/home"
        lb = lakebook.open(f"{folder}/home")
        lb.ingest(str(content(Path(folder))), name="sales")
        place = LocalPlace(f"{folder}/home")
        call = place.call()
        domain = domain_of(call)
        values = values_from(call.runtime.children, principal=call.principal.user_id)
        plain = bare(domain.tables[0])
        answers = {question: lb.ask(question, fresh=True) for question in QUESTIONS}
        for question, answer in answers.items():
            if answer.status != "answered":
                sys.exit(f"not answered: {question}: {answer!r}")
            understand(question, domain, values)
        ours: dict[str, list[float]] = {question: [] for question in QUESTIONS}
        theirs: dict[str, list[float]] = {question: [] for question in QUESTIONS}
        parsed: list[float] = []
        for _ in range(ROUNDS):
            for question in random.sample(QUESTIONS, len(QUESTIONS)):
                ours[question].append(spent(partial(frame, lb, question)))
                theirs[question].append(spent(partial(alone, plain, answers[question].sql)))
                parsed.append(spent(partial(understand, question, domain, values)))
        print(f"\nQuestions over {ROWS:,} rows, from the call to the frame ({os.cpu_count()} cores)")
        for question in QUESTIONS:
            tell(question, ours[question])
            tell("  DuckDB alone, the same SQL", theirs[question])
        tell("every question", [each for times in ours.values() for each in times], LIMIT_MS)
        tell("DuckDB alone", [each for times in theirs.values() for each in times])
        tell("understanding", parsed, PARSER_MS)
        again = [spent(partial(frame, lb, question, fresh=False)) for question in QUESTIONS * 5]
        tell("asked again within five minutes", again)
        tell(
            "with a child that is started for it",
            [forked(question, domain, values) for question in QUESTIONS * 4],
            FORKED_MS,
        )
        place.runtime.close()
    shared = Path(os.environ.get("SHARED", Path(__file__).resolve().parents[2] / "../shared")).resolve()
    if (shared / "data" / "chinook").is_dir():
        eleven_tables(shared / "data" / "chinook" / "chinook.sqlite")


def eleven_tables(database: Path) -> None:
    """Print how long questions over eleven tables take to be understood, each understood once before."""
    with tempfile.TemporaryDirectory() as folder:
        lakebook.open(f"{folder}/home").ingest(f"sqlite:///{database}")
        place = LocalPlace(f"{folder}/home")
        call = place.call()
        domain = domain_of(call)
        values = values_from(call.runtime.children, principal=call.principal.user_id)
        understood = [isinstance(understand(question, domain, values), Reading) for question in MUSIC]
        for name, clock in (("", time.perf_counter), (", this thread's CPU", time.thread_time)):
            works = [partial(understand, each, domain, values) for _ in range(ROUNDS) for each in MUSIC]
            times = [spent(work, clock) for work in works]
            tell(f"{sum(understood)} of {len(MUSIC)} over {len(domain.tables)} tables{name}", times, PARSER_MS)
        place.runtime.close()


def forked(question: str, domain: Domain, values: Values) -> float:
    """Milliseconds of a question that has to start its child first."""
    pool = Children(size=1)
    try:
        return spent(lambda: run.ask(question, domain, Way(pool, "bench"), values=values).df)
    finally:
        pool.close()


if __name__ == "__main__":
    main()
