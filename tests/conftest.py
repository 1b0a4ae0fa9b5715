"""What every test may rely on: the shared data, a home of its own, no other host, none of the user's settings."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import loopback_only

ROOT = Path(__file__).resolve().parent.parent
CI = os.environ.get("CI") == "true"
NO_SHARED = "the shared data is not there"

# Short, because Jupyter's sockets live in it and a socket's path may have 107 characters.
OWN_FOLDERS = Path(tempfile.mkdtemp(prefix="lb-"))

OWNER = pytest.StashKey[bool]()

# Modules that take more than ten seconds, longest first. Begun last, one of them would leave a core idle to its end.
LONG = (
    "tests/unit/pipelines/test_workers.py", "tests/unit/core/test_bad_input.py", "tests/unit/ml/test_training.py",
    "tests/unit/notebooks/test_execute.py", "tests/unit/query/test_children.py", "tests/unit/ml/test_registry.py",
    "tests/unit/dashboards/test_publish.py", "tests/unit/view/test_view_verbs.py",
    "tests/unit/ingest_remote/test_snapshot.py", "tests/unit/native/test_native_one_pass.py",
    "tests/unit/test_house.py", "tests/unit/ml/test_predictor.py", "tests/unit/pipelines/test_runs.py",
    "tests/server/test_recovery.py", "tests/server/test_live.py", "tests/server/test_predict_doors.py",
    "tests/server/test_together.py", "tests/server/test_contract_doors.py", "tests/server/test_errors.py",
    "tests/server/test_job_limits.py", "tests/properties/test_property_profile.py",
    "tests/properties/test_property_models.py", "tests/properties/test_property_streams.py",
    "tests/properties/test_property_sql.py", "tests/properties/test_ask_trace.py",
    "tests/properties/test_native_round_trip.py", "tests/properties/test_ml.py",
    "tests/properties/test_property_processing.py", "tests/properties/test_property_uploads.py",
)  # fmt: skip

settings.register_profile("local", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("local"), derandomize=True, max_examples=100)
settings.load_profile("ci" if CI else "local")


def pytest_configure(config: pytest.Config) -> None:
    """Cut the run off from other hosts and from the user's own settings, for child processes too."""
    config.stash[OWNER] = loopback_only.RECORD not in os.environ
    if config.stash[OWNER]:
        os.environ[loopback_only.RECORD] = str(OWN_FOLDERS / "egress.tsv")
    loopback_only.install()
    own = [str(ROOT / "tests" / name) for name in ("loopback", "quick_start")]
    path = [*own, *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(path)
    for variable in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
        folder = OWN_FOLDERS / variable.removesuffix("_DIR").lower()
        folder.mkdir(mode=0o700)
        os.environ[variable] = str(folder)
    for variable in [name for name in os.environ if name.startswith("LAKEBOOK_")]:
        if not variable.startswith(("LAKEBOOK_TEST_", "LAKEBOOK_CHROMIUM", "LAKEBOOK_PICTURES")):
            del os.environ[variable]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long modules first; all else stays in its order."""
    rank = {str(ROOT / name): number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(str(item.path), len(LONG)))


def egress_attempts() -> list[str]:
    """Lines of host and test: every refused try to reach another host so far."""
    record = Path(os.environ[loopback_only.RECORD])
    return record.read_text(encoding="utf-8").splitlines() if record.exists() else []


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A refused connection fails the run even where a library swallowed the error."""
    if session.config.stash[OWNER] and egress_attempts() and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say who tried to reach another host, and how many tests had no data to read."""
    if config.stash[OWNER]:
        for line in sorted(set(egress_attempts())):
            host, _, test = line.partition("\t")
            terminalreporter.write_line(f"tried to reach another host: {host} from {test}", red=True)
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if NO_SHARED in str(report.longrepr)]
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} skipped for want of the shared data (SHARED)", yellow=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folders of this run."""
    shutil.rmtree(OWN_FOLDERS, ignore_errors=True)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data (`SHARED`, relative to the repository); its absence skips, and fails in CI."""
    folder = (ROOT / os.environ.get("SHARED", "../shared")).resolve()
    if not (folder / "data").is_dir():
        if CI:
            pytest.fail(f"{NO_SHARED}: {folder}. Set SHARED to its folder.")
        pytest.skip(f"{NO_SHARED}: {folder}")
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lakebook home of this test's own, named by LAKEBOOK_HOME; not made yet."""
    folder = tmp_path / "home"
    monkeypatch.setenv("LAKEBOOK_HOME", str(folder))
    monkeypatch.delenv("LAKEBOOK_URL", raising=False)
    return folder


@pytest.fixture
def refused_hosts() -> Iterator[Callable[[], list[str]]]:
    """For tests that try to get out on purpose: call it for the hosts refused so far; they then fail no run."""
    before = egress_attempts()
    yield lambda: [line.partition("\t")[0] for line in egress_attempts()[len(before) :]]
    record = Path(os.environ[loopback_only.RECORD])
    record.write_text("".join(f"{line}\n" for line in before), encoding="utf-8")
