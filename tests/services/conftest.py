"""Real services beside the tests, each on ports of its own, with fresh data and downloads that are kept."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.local_home import call, runtime

__all__ = ["call", "runtime"]

STATE = Path(__file__).resolve().parents[2] / ".cache" / "services"
QUICK_RETURN = "broker.session.timeout.ms=3000\nbroker.heartbeat.interval.ms=500"


@dataclass
class Kafka:
    """A broker that tests may stop and start."""

    script: Path
    port: int
    address: str = ""

    def start(self) -> None:
        """Start it and wait until it answers."""
        said = self._run("start").stdout.split()
        self.address = f"kafka://{said[-1]}"

    def stop(self) -> None:
        """Stop it and wait until it is gone."""
        self._run("stop")

    def _run(self, what: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "LB_SVC_DIR": str(STATE), "KAFKA_PORT": str(self.port), "KAFKA_CONF": QUICK_RETURN}
        done = subprocess.run(
            [str(self.script), what], env=env, capture_output=True, text=True, check=False, timeout=240
        )
        if done.returncode:
            pytest.fail(f"kafka.sh {what}: {done.stdout}{done.stderr}")
        return done


@pytest.fixture(scope="module")
def kafka(shared: Path) -> Iterator[Kafka]:
    """A Kafka broker with no topics yet."""
    broker = Kafka(shared / "services" / "kafka.sh", free_row(2))
    broker.stop()
    shutil.rmtree(STATE / "kafka" / "data", ignore_errors=True)
    broker.start()
    yield broker
    broker.stop()


def free_row(count: int) -> int:
    """A port that nobody uses, nor the ones after it: so many in a row."""
    for _ in range(50):
        with ExitStack() as held:
            first = held.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                for later in range(port + 1, port + count):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", later))
            except (OSError, OverflowError):
                continue
            return port
    pytest.fail(f"no {count} free ports in a row")


@dataclass
class Server:
    """A service that one script starts and stops."""

    script: Path
    variables: dict[str, str]
    address: str = ""

    def start(self) -> None:
        """Start it and wait until it answers; `address` is the line it prints."""
        self.address = self._run("start").strip().splitlines()[-1]

    def stop(self) -> None:
        """Stop it and wait until it is gone."""
        self._run("stop")

    def _run(self, what: str) -> str:
        # The guard against addresses outside holds lakebook; setting a service up fetches its programs.
        # A service brings its own libraries: those of the tests' own environment are not the ones it needs.
        unguarded = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
        own = str(Path(sys.prefix) / "bin")
        unguarded["PATH"] = os.pathsep.join(each for each in os.get_exec_path() if each != own)
        env = {**unguarded, "LB_SVC_DIR": str(STATE), **self.variables}
        done = subprocess.run(
            [str(self.script), what], env=env, capture_output=True, text=True, check=False, timeout=240
        )
        if done.returncode:
            pytest.fail(f"{self.script.name} {what}: {done.stdout}{done.stderr}")
        return done.stdout


def served(shared: Path, script: str, port: str, *forget: str, **variables: str) -> Iterator[Server]:
    """A service on a port of its own, begun with no data in these folders of its state."""
    server = Server(shared / "services" / script, {**variables, port: str(free_row(4))})
    server.stop()
    for folder in forget:
        shutil.rmtree(STATE / folder, ignore_errors=True)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres(shared: Path) -> Iterator[Server]:
    """A PostgreSQL with nothing in it."""
    yield from served(shared, "postgres.sh", "PG_PORT", "pg/data")


@pytest.fixture(scope="module")
def s3(shared: Path) -> Iterator[Server]:
    """An S3 server that checks signatures, with no buckets."""
    yield from served(shared, "s3.sh", "S3_PORT", "swift/etc", "swift/dev", S3_KIND="swift")


@pytest.fixture(scope="module")
def language_model(shared: Path) -> Iterator[Server]:
    """A real, very weak language model behind OpenAI's protocol."""
    yield from served(shared, "llm.sh", "LLM_PORT")


@pytest.fixture(scope="module")
def snowflake(shared: Path) -> Iterator[Server]:
    """A stand-in for Snowflake that speaks its protocol."""
    yield from served(shared, "snowflake.sh", "SNOW_PORT")
