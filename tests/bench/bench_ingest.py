"""A first load of a million rows beside DuckDB, Polars and pandas: as CSV, JSON lines and Parquet.

DuckDB is asked twice: for typed Parquet, SUMMARIZE and the count of distinct rows, and for the same contents as
lakebook's profile has (exact distinct values, the most frequent ones, quantiles, a histogram). Polars and pandas write
the Parquet and describe it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from measure import in_turns, python, tell, times_of

ROWS = 1_000_000
# Sixteen columns of mixed kinds: keys, words of few and many values, money, floats, dates, times, flags, holes.
COLUMNS = """
    i as order_id,
    'C' || lpad((hash(i, 1) % 50000)::varchar, 6, '0') as customer,
    ['GB', 'DE', 'FR', 'NL', 'ES', 'IE', 'NO'][1 + (hash(i, 2) % 7)::int] as country,
    'product ' || (hash(i, 3) % 4000) as product,
    (1 + hash(i, 4) % 12)::int as quantity,
    ((hash(i, 5) % 100000) / 100.0)::decimal(10, 2) as unit_price,
    (hash(i, 6) % 1000000) / 1e6 as discount,
    sqrt(hash(i, 7) % 1000003) as weight,
    date '2010-01-01' + (hash(i, 8) % 4000)::int as ordered_on,
    timestamp '2010-01-01' + to_seconds((hash(i, 9) % 300000000)::bigint) as shipped_at,
    hash(i, 10) % 2 = 0 as gift,
    case when hash(i, 11) % 10 > 0 then hash(i, 12) % 100 end as rating,
    case when hash(i, 13) % 3 > 0 then 'note ' || (hash(i, 14) % 900000) end as note,
    md5(i::varchar) as reference,
    (hash(i, 15) % 180000) / 1000.0 - 90 as latitude,
    (hash(i, 16) % 360000) / 1000.0 - 180 as longitude
"""
DUCKDB = """
import duckdb
db = duckdb.connect(config={{"threads": {threads}}})
db.execute("copy (from {reader}('{source}')) to '{target}' (format parquet)")
db.execute("summarize from '{target}'").fetchall()
db.execute("select count(*) from (select distinct * from '{target}')").fetchall()
"""
DUCKDB_SAME = """
import duckdb
db = duckdb.connect(config={{"threads": {threads}}})
db.execute("copy (from {reader}('{source}')) to '{target}' (format parquet)")
db.execute("select count(*) from (select distinct * from '{target}')").fetchall()
db.execute("create view t as from '{target}'")
for name, kind, *_ in db.execute("describe t").fetchall():
    column = '"' + name + '"'
    ends = f"min({{column}}), max({{column}})"
    db.execute(f"select count({{column}}), count(distinct {{column}}), {{ends}} from t").fetchall()
    db.execute(f"select {{column}}, count(*) n from t group by 1 order by n desc, 1 limit 10").fetchall()
    if kind == "VARCHAR":
        db.execute(f"select avg(length({{column}})), max(length({{column}})) from t").fetchall()
    elif kind != "BOOLEAN":
        number = f"epoch({{column}})" if kind in ("DATE", "TIMESTAMP") else column + "::double"
        parts = "[.01, .05, .25, .5, .75, .95, .99]"
        lie = f"stddev({{number}}), quantile_cont({{number}}, {{parts}})"
        db.execute(f"select avg({{number}}), {{lie}} from t").fetchall()
        ends = f"select min({{number}}) as low, max({{number}}) as high from t"
        bin = f"floor(({{number}} - low) / nullif(high - low, 0) * 20)"
        db.execute(f"with ends as ({{ends}}) select {{bin}}, count(*) from t, ends group by 1").fetchall()
"""
POLARS = """
import os
os.environ["POLARS_MAX_THREADS"] = "{threads}"
import polars
table = polars.read_csv({source!r}, try_parse_dates=True)
table.write_parquet({target!r}, compression="snappy")
table.describe()
table.select(polars.all().n_unique())
table.n_unique()
"""
PANDAS = """
import pandas
table = pandas.read_csv({source!r}, parse_dates=["ordered_on", "shipped_at"])
table.to_parquet({target!r}, compression="snappy")
table.describe(include="all")
table.nunique()
table.duplicated().sum()
"""
LAKEBOOK = """
import lakebook_native
lakebook_native.process_dataset({source!r}, {target!r}, threads={threads})
"""


READERS = {"csv": "read_csv", "jsonl": "read_json", "parquet": "read_parquet"}


def generate(path: Path) -> None:
    """Write the rows as the ending says; the same ones at every run."""
    import duckdb

    form = {".csv": "header", ".jsonl": "format json", ".parquet": "format parquet"}[path.suffix]
    duckdb.execute(f"copy (select {COLUMNS} from range({ROWS}) t(i)) to '{path}' ({form})")


def peak(command: list[str]) -> float:
    """Megabytes that a command held at most; measured below a process of its own, for children share one maximum."""
    inner = f"import resource, subprocess; subprocess.run({command!r}, check=True); "
    inner += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    told = subprocess.run([sys.executable, "-c", inner], check=True, capture_output=True, text=True).stdout
    return int(told.split()[-1]) / 1024


def commands(places: Mapping[str, object], ending: str) -> dict[str, list[str]]:
    """The programs that are compared; Polars and pandas read the CSV alone, and pandas knows one thread only."""
    programs = {"DuckDB": DUCKDB, "DuckDB, same contents": DUCKDB_SAME, "lakebook": LAKEBOOK}
    if ending == "csv":
        programs["Polars"] = POLARS
    if ending == "csv" and places["threads"] == 1:
        programs["pandas"] = PANDAS
    return {name: python(program.format(**places)) for name, program in programs.items()}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for ending, reader in READERS.items():
            source = Path(folder) / f"orders.{ending}"
            generate(source)
            size = source.stat().st_size / 1e6
            target = Path(folder) / "out.parquet"
            for threads in (1, 2):
                places = {"source": str(source), "target": str(target), "threads": threads, "reader": reader}
                compared = commands(places, ending)
                title = f"Ingest of {ROWS:,} rows of {ending}, {size:.0f} MB, threads: {threads}"
                tell(title, in_turns(compared, written=target), times_of("DuckDB"))
                for name, command in compared.items():
                    print(f"  {name:<31} peak {peak(command):7.0f} MB")
