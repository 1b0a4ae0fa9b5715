"""Files on their way in that change, go, are locked or too large: one line and a hint, nothing left in `tmp`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lakebook.call import Call
from lakebook.errors import BadFile, DiskFull, LakebookError
from lakebook.ingest import keep
from lakebook.ingest.models import IngestRequest
from lakebook.ingest.sources import folder
from lakebook.jobs.submit import submit
from lakebook.runtime import Runtime
from lakebook.verbs import BY_NAME
from tests.unit.ingest.test_sources import CSV, loaded
from tests.unit.remains import left_in


def test_a_file_is_kept_under_its_hash(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes(CSV)
    kept, digest = keep.keep_file(call, tmp_path / "orders.csv", "orders.csv")
    assert digest == hashlib.sha256(CSV).hexdigest()
    assert kept == runtime.settings.folder("files") / f"{digest}.csv"
    assert kept.read_bytes() == CSV
    assert keep.keep_file(call, kept, "orders.csv") == (kept, digest)
    assert left_in(runtime) == []


def grown(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"4,d\n")


def rewritten(path: Path) -> None:
    path.write_bytes(CSV.replace(b"1,a", b"9,z"))


def shortened(path: Path) -> None:
    path.write_bytes(CSV[:-4])


@pytest.mark.parametrize(
    ("change", "words"),
    [(grown, "changed while"), (rewritten, "changed while"), (shortened, "changed while")],
    ids=["grown", "rewritten", "shortened"],
)
def test_a_file_that_changes_while_it_is_read(
    call: Call, runtime: Runtime, tmp_path: Path, change: Callable[[Path], None], words: str
) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(CSV)

    def report(_fraction: float, _message: str, _facts: dict[str, Any]) -> None:
        change(path)

    changing = Call(runtime, call.principal, report_to=report, folder=tmp_path)
    with pytest.raises(BadFile, match=words) as refused:
        keep.keep_file(changing, path, "orders.csv")
    assert "Wait" in refused.value.hint
    assert left_in(runtime) == []
    assert list(runtime.settings.folder("files").iterdir()) == []


def test_a_file_that_goes_before_its_turn(call: Call, runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes(CSV)
    submit(call, BY_NAME["ingest"], IngestRequest(source="orders.csv", name="first"), staffed=True)
    (tmp_path / "orders.csv").unlink()
    with pytest.raises(BadFile, match="no longer there"):
        keep.keep_file(call, tmp_path / "orders.csv", "orders.csv")
    assert left_in(runtime) == []


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (PermissionError(13, "denied"), BadFile, "may not be read"),
        (OSError(28, "full"), DiskFull, "No room left to keep orders"),
        (OSError(5, "broken"), BadFile, "cannot be read to its end"),
    ],
    ids=["locked", "full", "broken"],
)
def test_what_the_system_refuses_is_one_line(
    call: Call, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError,
    kind: type[LakebookError], words: str,
) -> None:  # fmt: skip
    def write(_incoming: keep.Incoming, _block: bytes) -> None:
        raise error

    (tmp_path / "orders.csv").write_bytes(CSV)
    monkeypatch.setattr(keep.Incoming, "write", write)
    with pytest.raises(kind, match=words) as refused:
        loaded(call, source="orders.csv")
    assert refused.value.hint
    assert str(tmp_path) not in str(refused.value)
    assert left_in(runtime) == []
    assert runtime.catalog.datasets() == []


def test_a_folder_that_may_not_be_read(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def within(_at: Path, _source: str) -> list[Path]:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(folder, "_within", within)
    with pytest.raises(BadFile, match="data may not be read"):
        loaded(call, source="data")
