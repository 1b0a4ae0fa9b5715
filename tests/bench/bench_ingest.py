"""A first load of a CSV of a million rows beside DuckDB, Polars and pandas.

DuckDB is asked for what lakebook gives: typed Parquet, a profile, and the count of distinct rows. Polars and pandas
write the Parquet and describe it.
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
db.execute("copy (from read_csv('{source}')) to '{target}' (format parquet)")
db.execute("summarize from '{target}'").fetchall()
db.execute("select count(*) from (select distinct * from '{target}')").fetchall()
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


def generate(path: Path) -> None:
    """Write the CSV; the same rows at every run."""
    import duckdb

    duckdb.execute(f"copy (select {COLUMNS} from range({ROWS}) t(i)) to '{path}' (header)")


def peak(command: list[str]) -> float:
    """Megabytes that a command held at most; measured below a process of its own, for children share one maximum."""
    inner = f"import resource, subprocess; subprocess.run({command!r}, check=True); "
    inner += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    told = subprocess.run([sys.executable, "-c", inner], check=True, capture_output=True, text=True).stdout
    return int(told.split()[-1]) / 1024


def commands(places: Mapping[str, object]) -> dict[str, list[str]]:
    """The programs that are compared; pandas knows one thread only."""
    programs = {"DuckDB": DUCKDB, "Polars": POLARS, "lakebook": LAKEBOOK}
    if places["threads"] == 1:
        programs["pandas"] = PANDAS
    return {name: python(program.format(**places)) for name, program in programs.items()}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "orders.csv"
        generate(source)
        size = source.stat().st_size / 1e6
        for threads in (1, 2):
            places = {"source": str(source), "target": str(Path(folder) / "out.parquet"), "threads": threads}
            compared = commands(places)
            title = f"Ingest of {ROWS:,} rows, {size:.0f} MB, threads: {threads}"
            tell(title, in_turns(compared, rounds=3), times_of("DuckDB"))
            for name, command in compared.items():
                print(f"  {name:<31} peak {peak(command):7.0f} MB")
