"""The house rules: who may import whom, how things are called, how long files get, one version, one lock."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CORE = ROOT / "server_ext" / "lakebook"
SOURCES = ("server_ext", "magics", "kernels", "jupyter_config", "extension/src", "native")
LANGUAGES = {".py", ".rs", ".ts", ".tsx"}

JUPYTER = re.compile(r"^(jupyter\w*|IPython|ipykernel|ipywidgets|tornado|nbclient|voila)$")
LAZY_ONLY = {"papermill", "nbconvert"}
DOORS = {"lakebook_server", "lakebook_cli", "lakebook_magics", "lakebook_mcp", "lakebook_kernel"}
# Two ways to the agents' door: a request of the server, and the shell.
TO_AGENTS = {
    ("server_ext/lakebook_server/routes/agents.py", "lakebook_mcp"),
    ("server_ext/lakebook_cli/agents.py", "lakebook_mcp"),
}
OURS = DOORS | {"lakebook", "lakebook_native"}
NEIGHBOURS = {"ingest", "profile", "query", "ml", "insights", "streaming", "dashboards", "pipelines", "view"}
GROUND = {"errors", "settings"}
# Concrete engines, stores and brokers meet in one place.
ASSEMBLY = "runtime.py"
# The program of a sealed child is DuckDB itself: it has no other engine to choose.
SEALED = "server_ext/lakebook/query/children/sealed.py"
# The core's one step outside: it hands the kernel over to the magics.
HANDOVER = {("__init__.py", "lakebook_magics")}
NAMELESS = re.compile(r"(^|/)(utils?|helpers?|common|managers?|misc)(\.|/|$)")
FILE_LINES = 300
FUNCTION_LINES = 60


@cache
def committed() -> ModuleType:
    spec = importlib.util.spec_from_file_location("committed_files", ROOT / "tests" / "committed_files.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["committed_files"] = module
    spec.loader.exec_module(module)
    return module


@cache
def files() -> tuple[Path, ...]:
    listed: list[Path] = committed().committed()
    return tuple(listed)


def is_test(path: Path) -> bool:
    in_tests = bool({"tests", "__tests__", "fuzz"} & set(path.parts))
    return in_tests or ".test." in path.name or path.stem.split("_")[-1] == "tests"


def generated(path: Path) -> bool:
    """Whether a tool wrote the file and says so at its top."""
    return "auto-generated" in text(path)[:300]


def code(tests: bool) -> list[Path]:
    """Source files of ours (or test files), relative to the root; not what a tool generated."""
    ours = [path for path in files() if path.suffix in LANGUAGES and not generated(path)]
    if tests:
        return [path for path in ours if is_test(path)]
    return [path for path in ours if not is_test(path) and str(path).startswith(SOURCES)]


@cache
def text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of the file's tree, kept: many tests walk the same files."""
    return tuple(ast.walk(ast.parse(text(path), filename=str(path))))


def core_files() -> list[Path]:
    return [path for path in code(tests=False) if (ROOT / path).is_relative_to(CORE)]


@cache
def type_checking_only(path: Path) -> frozenset[ast.AST]:
    """Nodes that exist for type checkers alone."""
    return frozenset(
        inner
        for node in nodes(path)
        if isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}
        for statement in node.body
        for inner in ast.walk(statement)
    )


@cache
def inside_functions(path: Path) -> frozenset[ast.AST]:
    """Nodes that are reached when a function is called."""
    functions = (node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(inner for function in functions for inner in ast.walk(function))


def imports(path: Path, *, top_level: bool = False, at_run_time: bool = False) -> Iterator[tuple[str, int]]:
    """(full module name, line) of each import; those of functions too unless `top_level`."""
    hidden = type_checking_only(path) if at_run_time or top_level else frozenset()
    inside = inside_functions(path) if top_level else frozenset()
    for node in nodes(path):
        if node in hidden or node in inside:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield module, node.lineno
            yield from ((f"{module}.{alias.name}", node.lineno) for alias in node.names)


def package_of(path: Path) -> str:
    """The part of the core that a file belongs to: `ingest`, or the file's own name."""
    inside = (ROOT / path).relative_to(CORE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.name


def test_there_is_something_to_check() -> None:
    assert len(core_files()) > 20
    assert len(code(tests=True)) > 5


def test_the_core_imports_no_jupyter() -> None:
    found = [
        f"{path}:{line} {module}"
        for path in core_files()
        for module, line in imports(path)
        if JUPYTER.match(module.partition(".")[0])
    ]
    assert found == []


def test_the_core_imports_papermill_and_nbconvert_inside_functions_only() -> None:
    found = [
        f"{path}:{line} {module}"
        for path in core_files()
        for module, line in imports(path, top_level=True)
        if module.partition(".")[0] in LAZY_ONLY
    ]
    assert found == []


def test_the_core_imports_no_door() -> None:
    found = [
        f"{path}:{line} {module}"
        for path in core_files()
        for module, line in imports(path)
        if module.partition(".")[0] in DOORS and (package_of(path), module.partition(".")[0]) not in HANDOVER
    ]
    assert found == []


def test_neighbours_do_not_import_each_other() -> None:
    found = [
        f"{path}:{line} {module}"
        for path in core_files()
        for module, line in imports(path)
        if package_of(path) in NEIGHBOURS
        and module.startswith("lakebook.")
        and module.split(".")[1] in NEIGHBOURS - {package_of(path)}
    ]
    assert found == []


def test_the_ground_stands_on_nothing_of_ours() -> None:
    found = [
        f"{path}:{line} {module}"
        for path in core_files()
        for module, line in imports(path, at_run_time=True)
        if package_of(path).removesuffix(".py") in GROUND
        and module.startswith("lakebook.")
        and module.split(".")[1] not in GROUND
    ]
    assert found == []


def test_one_file_imports_the_native_module() -> None:
    found = {
        str(path)
        for path in code(tests=False)
        if path.suffix == ".py" and any(module.partition(".")[0] == "lakebook_native" for module, _ in imports(path))
    }
    assert found == {"server_ext/lakebook/ingest/native.py"}


def test_concrete_engines_are_named_by_the_runtime_alone() -> None:
    """Elsewhere the engines are known by their protocol."""
    found = [
        f"{path}:{line} {module}"
        for path in core_files()
        for module, line in imports(path, at_run_time=True)
        if module.startswith("lakebook.engines.")
        and package_of(path) not in {ASSEMBLY, "engines"}
        and str(path) != SEALED
        if module.split(".")[2] not in {"protocol", "Engine"}
    ]
    assert found == []


def test_doors_do_not_import_each_other() -> None:
    doors = [path for path in code(tests=False) if path.suffix == ".py" and DOORS & set(path.parts)]
    assert doors
    found = [
        f"{path}:{line} {module}"
        for path in doors
        for module, line in imports(path)
        if module.partition(".")[0] in DOORS and module.partition(".")[0] not in path.parts
        if (str(path), module.partition(".")[0]) not in TO_AGENTS
    ]
    assert found == []


def test_imports_are_absolute() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path in [*code(tests=False), *code(tests=True)]
        if path.suffix == ".py"
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert found == []


def test_names_say_what_is_inside() -> None:
    assert [str(path) for path in files() if NAMELESS.search(str(path))] == []


def test_source_files_fit_a_readers_head() -> None:
    """Longer ones give the reason in their first ten lines: a line with the words `lines because`."""
    found = {}
    for path in code(tests=False):
        lines = text(path).splitlines()
        if len(lines) > FILE_LINES and not any("lines because" in line for line in lines[:10]):
            found[str(path)] = len(lines)
    assert found == {}


def test_functions_fit_a_screen() -> None:
    found = {
        f"{path}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in code(tests=False)
        if path.suffix == ".py" and "migrations" not in path.parts  # a migration is a frozen list of tables
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES
    }
    assert found == {}


def test_tests_are_nearly_as_long_as_the_source() -> None:
    """The bar only rises; lexicons, and what questions with their answers prove (`tests/questions`), are no code."""

    def length(paths: list[Path]) -> int:
        return sum(len(text(path).splitlines()) for path in paths)

    inline = sum(rust_test_lines(path) for path in code(tests=False) if path.suffix == ".rs")
    tests, source = length(code(tests=True)) + inline, length(code(tests=False)) - inline
    assert tests >= 0.85 * source, f"{tests} lines of tests, {source} of source"


def rust_test_lines(path: Path) -> int:
    """Lines of the test module that closes a Rust file."""
    _, found, rest = text(path).partition("#[cfg(test)]")
    return len(rest.splitlines()) if found else 0


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX|NotImplemented" + r"Error)\b")
    found = [
        f"{path}:{number}"
        for path in [*code(tests=False), *code(tests=True)]
        for number, line in enumerate(text(path).splitlines(), 1)
        if words.search(line)
    ]
    assert found == []


def test_no_check_is_switched_off_in_passing() -> None:
    off = re.compile(
        r"#\s*type:\s*ig" + r"nore|#\s*no" + r"qa|eslint-dis" + r"able|@ts-ig" + r"nore|#!?\[al" + r"low\("
    )
    found = [
        f"{path}:{number}"
        for path in [*code(tests=False), *code(tests=True)]
        for number, line in enumerate(text(path).splitlines(), 1)
        if off.search(line)
    ]
    assert found == []


def test_tests_neither_sleep_nor_skip() -> None:
    bad = re.compile(r"\btime\.sle" + r"ep\(|pytest\.mark\.(?:sk" + r"ip|xf" + r"ail)\b")
    found = [f"{path}" for path in code(tests=True) if path.suffix == ".py" and bad.search(text(path))]
    assert found == []


def test_there_is_one_version_number() -> None:
    project = tomllib.loads(text(Path("pyproject.toml")))["project"]
    native = [one for one in project["dependencies"] if one.startswith("lakebook-native")]
    said = re.search(r'^__version__ = "([^"]+)"', text(Path("server_ext/lakebook/__init__.py")), re.MULTILINE)
    assert said is not None
    version = said[1]
    assert native == [f"lakebook-native=={version}"]
    assert json.loads(text(Path("extension/package.json")))["version"] == version
    assert tomllib.loads(text(Path("native/Cargo.toml")))["workspace"]["package"]["version"] == version
    assert f"## {version}" in text(Path("CHANGELOG.md"))


def test_no_lock_holds_an_address() -> None:
    assert list(committed().complaints(ROOT, files())) == []


@pytest.mark.parametrize(
    "line",
    [
        "https://files.example.org/packages/a.whl \\",
        'resolved "https://registry.example.org/react/-/react-18.tgz"',
        'source = "git+https://github.com/someone/something?rev=1"',
        "--index-url http://mirror.example/simple",
    ],
)
def test_an_address_in_a_lock_is_seen(line: str) -> None:
    assert list(committed().addresses(f"a==1\n    {line}\nb==2"))


def test_names_in_a_lock_are_no_addresses() -> None:
    clean = f'a==1 \\\n    --hash=sha256:00\n  {committed().CARGO_INDEX}\n  resolution: "react@npm:18.3.1"'
    assert list(committed().addresses(clean)) == []


def test_the_lock_covers_every_dependency() -> None:
    project = tomllib.loads(text(Path("pyproject.toml")))
    wanted = [
        *project["project"]["dependencies"],
        *(one for extra in project["project"]["optional-dependencies"].values() for one in extra),
        *project["dependency-groups"]["dev"],
    ]
    ours = {"lakebook", "lakebook-native"}
    locked = set(re.findall(r"^([a-z0-9._-]+)==", text(Path("requirements.lock")), re.MULTILINE))
    assert {distribution(one) for one in wanted} - ours - {distribution(one) for one in locked} == set()
    assert not ours & locked


def test_every_locked_package_has_a_hash() -> None:
    blocks = re.split(r"^(?=[a-z0-9._-]+==)", text(Path("requirements.lock")), flags=re.MULTILINE)[1:]
    assert len(blocks) > 100
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_ci_runs_the_tests_and_nothing_cleverer() -> None:
    lines = text(Path(".ci/run")).splitlines()
    assert lines[0].startswith("#!")
    assert lines[1:] == ['cd "$(dirname "$0")/.." && exec make test']
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_tools_are_listed_by_make() -> None:
    listed = re.findall(r"^([a-z-]+):.*## ", text(Path("Makefile")), re.MULTILINE)
    tests = ["test", "test-services", "soak", "lint"]
    measures = ["bench", "bench-ingest", "bench-ask", "bench-guard", "bench-train", "bench-serve", "mutate", "fuzz"]
    assert listed == ["lab", "setup", *tests, *measures, "clean"]


def test_everything_imported_is_a_declared_dependency() -> None:
    """What only an extra or a development tool brings in would be missing after a plain install."""
    project = tomllib.loads(text(Path("pyproject.toml")))["project"]
    extras = [one for extra in project["optional-dependencies"].values() for one in extra]
    declared = {distribution(one) for one in [*project["dependencies"], *extras]}
    brought_by = packages_distributions()
    found = {
        f"{path}:{line} {module}"
        for path in code(tests=False)
        if path.suffix == ".py" and path.parts[0] != "jupyter_config"
        for module, line in imports(path, at_run_time=True)
        if (top := module.partition(".")[0]) not in sys.stdlib_module_names and top not in OURS
        if not declared & {distribution(name) for name in brought_by.get(top, [top])}
    }
    assert found == set()


def distribution(requirement: str) -> str:
    """The normal form of the name that a requirement begins with."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^A-Za-z0-9._-]", requirement)[0]).lower()
