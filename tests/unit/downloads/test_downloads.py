"""Downloads: a table comes back from its file exactly, refusals come before anything is written."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import csv
from pyarrow import parquet as pq
from python_calamine import load_workbook

from lakebook.call import Call
from lakebook.catalog import download, download_models
from lakebook.catalog.download import Plan, form_of, fresh_file, write
from lakebook.catalog.download_child import command, order
from lakebook.catalog.download_models import DownloadRequest
from lakebook.catalog.download_sheet import sheet_name
from lakebook.catalog.download_text import write_text
from lakebook.errors import Conflict, DiskFull, InvalidRequest, NotFound, Unavailable
from lakebook.ingest.table import TableHandle
from lakebook.runtime import Runtime
from tests.unit.core.test_remote import Server
from tests.unit.remains import left_in

UTC = dt.UTC
EVERY = pa.table({
    "whole": pa.array([1, -(2**62), None]),
    "money": pa.array([Decimal("12.30"), Decimal("-0.01"), None], pa.decimal128(18, 2)),
    "fine": pa.array([Decimal("0.000000001"), Decimal(0), None], pa.decimal128(38, 9)),
    "real": pa.array([0.1, 1e20, None]),
    "truth": pa.array([True, False, None]),
    "day": pa.array([dt.date(2024, 2, 29), dt.date(1815, 6, 18), None]),
    "naive": pa.array([dt.datetime(2024, 2, 29, 10), dt.datetime(2024, 2, 29, 10, 0, 0, 120_000), None],
                      pa.timestamp("us")),
    "instant": pa.array([dt.datetime(2024, 2, 29, 10, tzinfo=UTC), dt.datetime(2024, 2, 29, 0, 0, 0, 1, UTC), None],
                        pa.timestamp("us", "UTC")),
    "said": pa.array(['a "b", c', "", None]),
    "raw": pa.array([b"\x00\xff", b"", None]),
    "list": pa.array([[1, 2], [], None]),
})  # fmt: skip
LINES = [
    "whole,money,fine,real,truth,day,naive,instant,said,raw,list",
    '1,12.30,0.000000001,0.1,true,2024-02-29,2024-02-29T10:00:00,2024-02-29T10:00:00Z,"a ""b"", c",AP8=,"[1, 2]"',
    '-4611686018427387904,-0.01,0.000000000,1e+20,false,1815-06-18,2024-02-29T10:00:00.12,2024-02-29T00:00:00.000001Z,"",,[]',
    ",,,,,,,,,,",
]


@pytest.fixture
def orders(call: Call) -> pa.Table:
    """The rows of the table `orders`."""
    TableHandle(call, "orders").replace(pa.table({"id": [1, 2, 3], "kind": ["a", "b", "=1+1"]}))
    return TableHandle(call, "orders").arrow()


def parquet_of(folder: Path, *tables: pa.Table) -> list[str]:
    paths = [folder / f"part{at}.parquet" for at in range(len(tables))]
    for path, table in zip(paths, tables, strict=True):
        pq.write_table(table, path)
    return [str(path) for path in paths]


def csv_of(folder: Path, *tables: pa.Table, as_is: bool = False) -> str:
    sink = io.BytesIO()
    write_text(parquet_of(folder, *tables), sink, as_is=as_is)
    return sink.getvalue().decode()


def begun(file: io.BytesIO) -> io.BytesIO:
    """The file from its beginning."""
    file.seek(0)
    return file


def plan_of(files: list[str], form: download_models.Format) -> Plan:
    return Plan("d", "orders", 1, 3, files, form, as_is=False)


def test_every_type_in_a_csv(tmp_path: Path) -> None:
    assert csv_of(tmp_path, EVERY).splitlines() == LINES


def test_a_csv_comes_back_as_it_was(call: Call, tmp_path: Path) -> None:
    kept = EVERY.select(["money", "truth", "day", "naive", "said"])
    (tmp_path / "t.csv").write_text(csv_of(tmp_path, kept))
    quoted = csv.ConvertOptions(strings_can_be_null=True, quoted_strings_can_be_null=False, column_types=kept.schema)
    assert csv.read_csv(tmp_path / "t.csv", convert_options=quoted) == kept


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "\tx", "\r=1"])
def test_what_a_spreadsheet_would_compute_is_marked(tmp_path: Path, text: str) -> None:
    table = pa.table({"x": [text], text: ["y"]})
    for form, mark in ((False, "'"), (True, "")):
        lines = csv_of(tmp_path, table, as_is=form)
        back = pl.read_csv(io.StringIO(lines), quote_char='"', infer_schema=False)
        assert back.columns == ["x", f"{mark}{text}"]
        assert back["x"].to_list() == [f"{mark}{text}"]


@pytest.mark.parametrize("text", ["-5", "+48 123-456", "-1,234.50", "a=b", "user@host", "2024-01-01"])
def test_numbers_and_plain_texts_are_not_marked(tmp_path: Path, text: str) -> None:
    assert "'" not in csv_of(tmp_path, pa.table({"x": [text]}))


def test_texts_with_line_ends_and_blanks_are_quoted(tmp_path: Path) -> None:
    lines = csv_of(tmp_path, pa.table({"x": ["a\nb", " c", "d ", "e\r\nf", "g"]}))
    assert lines == 'x\n"a\nb"\n" c"\n"d "\n"e\r\nf"\ng\n'


def test_files_of_one_table_are_united(tmp_path: Path) -> None:
    parts = [pa.table({"a": [1], "b": ["x"]}), pa.table({"b": ["y"], "c": [0.5]})]
    assert csv_of(tmp_path, *parts) == "a,b,c\n1,x,\n,y,0.5\n"
    sink = io.BytesIO()
    write(plan_of(parquet_of(tmp_path, *parts), "parquet"), sink, tmp_path)
    assert pq.read_table(io.BytesIO(sink.getvalue())).to_pylist() == [
        {"a": 1, "b": "x", "c": None}, {"a": None, "b": "y", "c": 0.5},
    ]  # fmt: skip


def test_a_table_without_rows(tmp_path: Path) -> None:
    empty = EVERY.slice(0, 0)
    assert csv_of(tmp_path, empty).splitlines() == LINES[:1]
    sink = io.BytesIO()
    write(plan_of(parquet_of(tmp_path, empty), "xlsx"), sink, tmp_path)
    assert load_workbook(begun(sink)).get_sheet_by_index(0).to_python()[0] == EVERY.schema.names


def test_every_type_in_a_workbook(tmp_path: Path) -> None:
    sink = io.BytesIO()
    files = parquet_of(tmp_path, EVERY)
    write(plan_of(files, "xlsx"), sink, tmp_path)
    assert sorted(map(str, tmp_path.iterdir())) == files
    sheet = load_workbook(begun(sink)).get_sheet_by_name("orders")
    header, one, two, three = (*sheet.to_python(), [""] * 11)
    assert header == EVERY.schema.names
    assert one == [1.0, 12.3, 1e-9, 0.1, True, dt.date(2024, 2, 29), dt.datetime(2024, 2, 29, 10),
                   dt.datetime(2024, 2, 29, 10), 'a "b", c', "AP8=", "[1, 2]"]  # fmt: skip
    assert two == [str(-(2**62)), -0.01, 0.0, 1e20, False, "1815-06-18", "2024-02-29T10:00:00.120000",
                   "2024-02-29T00:00:00.000001Z", "", "", "[]"]  # fmt: skip
    assert three == [""] * 11


def test_texts_are_no_formulas_in_a_workbook(tmp_path: Path) -> None:
    sink = io.BytesIO()
    texts = ["=1+1", "http://a.b", "12", "{=1}", "nan"]
    write(plan_of(parquet_of(tmp_path, pa.table({"x": texts, "=A1": [float("nan")] * 5})), "xlsx"), sink, tmp_path)
    rows = load_workbook(begun(sink)).get_sheet_by_index(0).to_python()
    assert rows == [["x", "=A1"], *([text, "nan"] for text in texts)]


def test_a_text_too_long_for_a_cell_is_refused(tmp_path: Path) -> None:
    files = parquet_of(tmp_path, pa.table({"x": ["y" * 32_768]}))
    sink = io.BytesIO()
    with pytest.raises(InvalidRequest, match="32,767 characters"):
        write(plan_of(files, "xlsx"), sink, tmp_path)
    assert sink.getvalue() == b""
    assert sorted(map(str, tmp_path.iterdir())) == files


@pytest.mark.parametrize(
    ("name", "expected"), [("orders", "orders"), ("a:b?c[d]", "a_b_c_d_"), ("x" * 40, "x" * 31), ("''", "table")]
)
def test_sheets_are_called_as_excel_allows(name: str, expected: str) -> None:
    assert sheet_name(name) == expected


@pytest.mark.parametrize(
    ("said", "to", "form"),
    [(None, None, "csv"), (None, "a.XLSX", "xlsx"), (None, "a.parquet", "parquet"), ("csv", "a.xlsx", "csv"),
     (None, "a.txt", "csv")],
)  # fmt: skip
def test_the_form_is_said_or_promised(said: Any, to: str | None, form: str) -> None:
    assert form_of(said, to) == form


def test_a_download_is_a_file_beside(call: Call, runtime: Runtime, tmp_path: Path, orders: pa.Table) -> None:
    made = download.download(call, DownloadRequest(dataset="orders"))
    assert (made.name, made.rows, made.format, made.version) == ("orders", 3, "csv", 1)
    assert Path(made.to) == tmp_path / "orders.csv"
    assert (tmp_path / "orders.csv").read_text() == "id,kind\n1,a\n2,b\n3,'=1+1\n"
    assert made.size_bytes == (tmp_path / "orders.csv").stat().st_size
    other = download.download(call, DownloadRequest(dataset="orders", to="deep.parquet"))
    assert pq.read_table(other.to).to_pylist() == orders.to_pylist()
    assert left_in(runtime) == []
    kept = [row for row in runtime.audit.entries(10) if row["action"] == "datasets.download"]
    assert [row["resource"] for row in kept] == [f"dataset:{made.dataset_id}"] * 2


def test_nothing_is_written_over(call: Call, tmp_path: Path, orders: pa.Table) -> None:
    (tmp_path / "orders.csv").write_text("mine")
    with pytest.raises(Conflict, match=r"orders\.csv already"):
        download.download(call, DownloadRequest(dataset="orders"))
    assert (tmp_path / "orders.csv").read_text() == "mine"
    with pytest.raises(NotFound, match="'order'"):
        download.download(call, DownloadRequest(dataset="order"))
    with pytest.raises(InvalidRequest, match="cannot be written"):
        download.download(call, DownloadRequest(dataset="orders", to="no/such/folder.csv"))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".orders")] == []


@pytest.mark.parametrize(("rows", "columns"), [(1_048_576, 2), (1, 16_385)])
def test_what_a_sheet_does_not_hold_is_said_before(
    call: Call, tmp_path: Path, orders: pa.Table, monkeypatch: pytest.MonkeyPatch, rows: int, columns: int
) -> None:
    dataset = call.runtime.catalog.dataset("orders").model_copy(update={"row_count": rows, "column_count": columns})
    monkeypatch.setattr(type(call.runtime.catalog), "dataset", lambda *_given, **_more: dataset)
    with pytest.raises(InvalidRequest, match="an Excel sheet holds 1,048,575 rows") as refused:
        download.download(call, DownloadRequest(dataset="orders", format="xlsx"))
    assert "CSV or Parquet" in refused.value.hint
    assert not (tmp_path / "orders.xlsx").exists()


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    for error, kind in (
        (OSError(28, "full"), DiskFull),
        (OSError(5, "broken"), InvalidRequest),
        (KeyError(), KeyError),
    ):
        with pytest.raises(kind), fresh_file(tmp_path / "a.csv"):
            raise error
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_a_child_writes_the_same(tmp_path: Path, form: download_models.Format) -> None:
    plan, here = plan_of(parquet_of(tmp_path, EVERY.select(["whole", "said"])), form), io.BytesIO()
    write(plan, here, tmp_path)
    done = subprocess.run(command(), input=order(plan, tmp_path), capture_output=True, check=True, timeout=60)
    if form == "xlsx":
        assert load_workbook(io.BytesIO(done.stdout)).get_sheet_by_index(0).to_python() == (
            load_workbook(begun(here)).get_sheet_by_index(0).to_python()
        )
    else:
        assert done.stdout == here.getvalue()


def test_a_child_says_a_refusal_and_leaves_nothing(tmp_path: Path) -> None:
    files = parquet_of(tmp_path, pa.table({"x": ["y" * 32_768]}))
    told = order(plan_of(files, "xlsx"), tmp_path)
    done = subprocess.run(command(), input=told, capture_output=True, check=False, timeout=60)
    assert done.returncode == 3
    assert json.loads(done.stderr)["code"] == "invalid_request"
    assert sorted(map(str, tmp_path.iterdir())) == files


def test_a_child_ends_when_nobody_reads(tmp_path: Path) -> None:
    plan = plan_of(parquet_of(tmp_path, pa.table({"x": list(range(200_000))})), "csv")
    with subprocess.Popen(command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdin.write(order(plan, tmp_path))
        child.stdin.close()
        child.stdout.read(10)
        child.stdout.close()
        assert child.wait(60) == 3
        assert child.stderr.read() == b""


FACTS = {"dataset_id": "d", "name": "orders", "version": 2, "format": "csv", "rows": 1}


def test_a_server_sends_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    server = Server(*(httpx.Response(200, content=b"id\n1\n", headers={download.FACTS: json.dumps(FACTS)})
                      for _each in range(2)))  # fmt: skip
    made = server.lb().datasets.download("my orders")
    assert Path(made.to).read_bytes() == b"id\n1\n"
    assert (made.name, made.version, made.rows, made.size_bytes) == ("orders", 2, 1, 5)
    assert server.got[0].url.path.endswith("/datasets/my orders/download")
    assert dict(server.got[0].url.params) == {"format": "csv"}
    server.lb().datasets.download("orders", to="o.parquet")
    assert dict(server.got[1].url.params) == {"format": "parquet"}


def test_a_servers_refusal_and_break_write_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Cut(httpx.SyncByteStream):
        def __iter__(self) -> Any:
            yield b"id\n"
            raise httpx.RemoteProtocolError("cut")

    monkeypatch.chdir(tmp_path)
    refusal = {"error": {"code": "not_found", "message": "No.", "hint": "Look."}}
    server = Server(httpx.Response(404, json=refusal),
                    httpx.Response(200, stream=Cut(), headers={download.FACTS: json.dumps(FACTS)}))  # fmt: skip
    with pytest.raises(NotFound, match="No"):
        server.lb().datasets.download("orders")
    with pytest.raises(Unavailable, match="not whole"):
        server.lb().datasets.download("orders")
    assert list(tmp_path.iterdir()) == []
