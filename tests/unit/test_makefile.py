"""The two commands: what they say when a tool is missing, a port is used or HOME cannot be written."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PLAIN_TOOLS = (
    "sh",
    "bash",
    "make",
    "awk",
    "grep",
    "sed",
    "cut",
    "uname",
    "find",
    "mkdir",
    "touch",
    "cat",
    "echo",
    "id",
    "rm",
    "ls",
)
MEASURES = ("bench", "bench-ingest", "bench-ask", "bench-guard", "bench-train", "bench-serve", "mutate", "fuzz")
BASE_PYTHON = Path(sys.base_prefix) / "bin" / "python3"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A checkout with nothing but the Makefile and the lock, under a path with a space."""
    folder = tmp_path / "a checkout"
    folder.mkdir()
    for name in ("Makefile", "requirements.lock"):
        shutil.copy(ROOT / name, folder)
    return folder


def tools(folder: Path, *more: str) -> Path:
    """A folder of programs to be the whole PATH: the plain ones, and what is named."""
    programs = folder / "programs"
    programs.mkdir()
    for name in (*PLAIN_TOOLS, *more):
        found = shutil.which(name)
        assert found, name
        (programs / name).symlink_to(found)
    return programs


def stand_in(programs: Path, name: str, script: str) -> None:
    """A program of that name that runs this shell script."""
    (programs / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (programs / name).chmod(0o755)


def make(tree: Path, *words: str, path: str | Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(path or os.environ["PATH"]), "HOME": str(tree.parent), **variables}
    return subprocess.run(
        ["make", *words],
        cwd=tree,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def show(tree: Path, what: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Echo something from inside a recipe, where the Makefile's variables are in force."""
    (tree / "show.mk").write_text(f"include Makefile\nshow:\n\t@echo {what}\n", encoding="utf-8")
    return make(tree, "-f", "show.mk", "show", **more)


def test_make_alone_lists_the_targets(tree: Path) -> None:
    said = make(tree)
    assert said.returncode == 0
    targets = ("lab", "setup", "test", "test-services", "soak", "lint", *MEASURES, "clean")
    assert [line.split()[:2] for line in said.stdout.splitlines()] == [["make", target] for target in targets]


def test_each_missing_tool_is_named_in_one_line_with_its_command(tree: Path) -> None:
    said = make(tree, "setup", path=tools(tree.parent))
    lines = [line for line in said.stdout.splitlines() if "is missing" in line]
    assert said.returncode != 0
    assert [line.split(" is missing: ")[0] for line in lines] == [
        "Python 3.11 or later",
        "A C compiler (cc)",
        "Rust's cargo",
    ]
    assert all("install" in line for line in lines)
    assert not (tree / ".venv" / "bin").exists()


def test_a_python_that_is_too_old_counts_as_missing(tree: Path) -> None:
    programs = tools(tree.parent)
    stand_in(programs, "python3", "exit 1")
    said = make(tree, "setup", path=programs)
    assert "Python 3.11 or later is missing" in said.stdout


def test_a_cargo_without_a_toolchain_is_named(tree: Path) -> None:
    programs = tools(tree.parent)
    for name in ("cc", "cargo"):
        stand_in(programs, name, "exit 1")
    (programs / "python3").symlink_to(BASE_PYTHON)
    said = make(tree, "setup", path=programs)
    lines = [line for line in said.stdout.splitlines() if "is missing" in line]
    assert lines == ["A Rust toolchain for cargo is missing: rustup default stable"]


def test_a_toolchain_beside_cargo_is_found_with_an_empty_home(tree: Path) -> None:
    beside = tree.parent / "someone"
    (beside / ".cargo" / "bin").mkdir(parents=True)
    (beside / ".rustup").mkdir()
    stand_in(beside / ".cargo" / "bin", "cargo", '[ -n "$RUSTUP_HOME" ] && echo "cargo 1.95.0"')
    programs = tools(tree.parent)
    said = show(tree, '"$(RUSTUP_HOME)" && cargo --version', path=f"{beside}/.cargo/bin:{programs}")
    assert said.stdout.splitlines() == [str(beside / ".rustup"), "cargo 1.95.0"]


@pytest.mark.parametrize("home", ["file/home", "closed/home"])
def test_a_home_that_cannot_be_written_is_replaced(tree: Path, home: str) -> None:
    (tree.parent / "file").touch()
    (tree.parent / "closed").mkdir(mode=0o500)
    said = show(tree, '"$$HOME"', HOME=str(tree.parent / home))
    assert said.stdout.strip() == str(tree / ".cache" / "home")
    assert (tree / ".cache" / "home").is_dir()


def test_a_home_that_can_be_written_stays(tree: Path) -> None:
    assert show(tree, '"$$HOME"').stdout.strip() == str(tree.parent)
    assert not (tree / ".cache").exists()


@pytest.mark.parametrize("words", ["--port {port}", "--port={port}", "--no-browser --ServerApp.port={port}"])
def test_a_used_port_is_one_clear_line(words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = ask_for_port(words.format(port=port))
    assert said.returncode == 1
    assert said.stderr.splitlines() == [f'Port {port} is in use. Choose another: make lab LAB_ARGS="--port {port + 1}"']


def test_a_free_port_is_nothing_to_talk_about() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    said = ask_for_port(f"--port {port}")
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


def ask_for_port(words: str) -> subprocess.CompletedProcess[str]:
    """Run the Makefile's own check with these words as LAB_ARGS."""
    _, _, rest = (ROOT / "Makefile").read_text(encoding="utf-8").partition("define PORT_IS_FREE\n")
    code, _, _ = rest.partition("\nendef")
    return subprocess.run([sys.executable, "-c", code, *words.split()], capture_output=True, text=True, check=False)


def test_what_is_up_to_date_is_not_made_again(tree: Path) -> None:
    """Every step of set-up hangs on real files: with all stamps in place nothing runs, a changed source is rebuilt."""
    for name in ("extension/package.json", "extension/yarn.lock", "extension/src/index.ts", "native/engine/src/lib.rs"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).touch()
    for name in ("pyproject.toml", "server_ext/lakebook/__init__.py"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).touch()
    stamps = tree / ".venv" / "stamps"
    stamps.mkdir(parents=True)
    for second, stamp in enumerate(("deps", "native", "node_modules", "extension", "package")):
        (stamps / stamp).touch()
        os.utime(stamps / stamp, (2_000_000_000 + second, 2_000_000_000 + second))
    assert make(tree, "--question", "setup").returncode == 0
    os.utime(tree / "native/engine/src/lib.rs", (2_000_000_100, 2_000_000_100))
    planned = make(tree, "--dry-run", "setup").stdout
    assert "maturin build" in planned
    assert "panel" not in planned
    os.utime(tree / "native/engine/src/lib.rs", (1_000_000_000, 1_000_000_000))
    os.utime(tree / "extension/src/index.ts", (2_000_000_100, 2_000_000_100))
    planned = make(tree, "--dry-run", "setup").stdout
    assert "build:prod" in planned
    assert "--editable ." in planned
    assert "maturin" not in planned
