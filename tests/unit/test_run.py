"""The runner of the groups: it counts what each tool prints and never calls a failure well."""

from __future__ import annotations

import importlib.util
import re
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest

RUN = Path(__file__).resolve().parent.parent / "run.py"


@pytest.fixture(scope="module")
def run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_groups", RUN)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["run_groups"] = module
    spec.loader.exec_module(module)
    return module


def printing(text: str, status: int = 0) -> tuple[str, ...]:
    return (sys.executable, "-c", f"print({text!r}); raise SystemExit({status})")


def test_cargo_counts_add_up_over_crates(run: ModuleType) -> None:
    text = (
        "test result: ok. 31 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out\n"
        "test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out"
    )
    outcome = run.run_plain("native", printing(text, 101), ".", run.CARGO_COUNTS)
    assert (outcome.passed, outcome.failed, outcome.skipped, outcome.ok) == (34, 1, 2, False)


@pytest.mark.parametrize("mark", ["#", "ℹ"])
def test_node_counts_are_read(run: ModuleType, mark: str) -> None:
    text = f"{mark} tests 9\n{mark} pass 7\n{mark} fail 0\n{mark} cancelled 0\n{mark} skipped 2"
    outcome = run.run_plain("extension", printing(text), ".", run.NODE_COUNTS)
    assert (outcome.passed, outcome.failed, outcome.skipped, outcome.ok) == (7, 0, 2, True)


def test_no_tests_at_all_is_a_failure(run: ModuleType) -> None:
    assert not run.run_plain("extension", printing("ℹ tests 0\nℹ pass 0"), ".", run.NODE_COUNTS).ok
    assert run.run_plain("lint", printing("All checks passed!"), ".").ok


def test_errors_in_set_up_are_failures(run: ModuleType, tmp_path: Path) -> None:
    report = tmp_path / "unit.xml"
    report.write_text(
        '<testsuites><testsuite tests="10" failures="1" errors="2" skipped="3"/></testsuites>', encoding="utf-8"
    )
    assert run.read_report(report) == {"passed": 4, "failed": 3, "skipped": 3}


def test_a_group_that_wrote_no_report_has_failed(run: ModuleType, tmp_path: Path) -> None:
    assert run.read_report(tmp_path / "none.xml") == {"passed": 0, "failed": 1, "skipped": 0}


def test_the_last_line_counts_everything(run: ModuleType) -> None:
    outcomes = [run.Outcome("unit", 1.25, passed=10, skipped=1), run.Outcome("ui", 60, passed=2, failed=1, ok=False)]
    lines = run.summary(outcomes, 3.0)
    assert lines[-1] == "lakebook: 12 passed, 1 failed, 1 skipped"
    assert [line.split()[0] for line in lines[:-1]] == ["set-up", "unit", "ui"]
    assert "FAILED" in lines[2]


def test_a_failure_without_a_failed_test_still_shows_in_the_last_line(run: ModuleType) -> None:
    outcomes = [run.Outcome("lint", 9.0, ok=False), run.Outcome("unit", 1.0, passed=5)]
    assert run.summary(outcomes, None)[-1] == "lakebook: 5 passed, 1 failed, 0 skipped"


def test_an_unknown_group_is_named(run: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["untis"]) == 2
    assert "untis" in capsys.readouterr().err


def test_every_group_of_tests_is_run(run: ModuleType) -> None:
    here = RUN.parent
    folders = {path.relative_to(here).parts[0] for path in here.glob("*/**/test_*.py")}
    assert folders <= set(run.PYTEST_GROUPS)


def test_every_group_stands_in_one_stage(run: ModuleType) -> None:
    staged = [group for stage in run.STAGES for row in stage for group in row]
    assert sorted(staged) == sorted(run.GROUPS)


def test_rows_of_a_stage_go_side_by_side_and_each_group_is_printed_as_a_whole(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    met = threading.Barrier(2, timeout=20)

    def group(name: str, tell: Callable[[str], object]) -> object:
        tell(f"{name} begins\n")
        if name != "last":
            met.wait()
        tell(f"{name} ends\n")
        return run.Outcome(name, 1.0, passed=1)

    monkeypatch.setattr(run, "GROUPS", {name: partial(group, name) for name in ("left", "right", "last")})
    monkeypatch.setattr(run, "STAGES", ((("right",), ("left",)), (("last",),)))
    assert [one.group for one in run.run_stages(["last", "right", "left"])] == ["left", "right", "last"]
    said = capsys.readouterr().out
    assert "== left\nleft begins\nleft ends\n" in said
    assert "== right\nright begins\nright ends\n" in said
    assert said.endswith("== last\nlast begins\nlast ends\n")


def test_a_group_that_is_named_alone_runs_alone(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    def group(name: str, tell: Callable[[str], object]) -> object:
        ran.append((name, tell is run.say))
        return run.Outcome(name, 1.0, ok=False)

    monkeypatch.setattr(run, "GROUPS", {name: partial(group, name) for name in ("left", "right")})
    monkeypatch.setattr(run, "STAGES", ((("left",), ("right",)),))
    assert [one.ok for one in run.run_stages(["right"])] == [False]
    assert ran == [("right", True)]


def test_the_modules_to_begin_with_are_there() -> None:
    conftest = (RUN.parent / "conftest.py").read_text(encoding="utf-8")
    named = re.findall(r'"(tests/\w+/[\w/]+\.py)"', conftest)
    assert len(named) > 20
    assert [name for name in named if not (RUN.parent.parent / name).is_file()] == []
