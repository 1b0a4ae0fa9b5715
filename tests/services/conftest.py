"""Real services beside the tests, each on ports of its own, with fresh data and downloads that are kept."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
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
    broker = Kafka(shared / "services" / "kafka.sh", free_pair())
    broker.stop()
    shutil.rmtree(STATE / "kafka" / "data", ignore_errors=True)
    broker.start()
    yield broker
    broker.stop()


def free_pair() -> int:
    """A port that nobody uses, nor the one after it."""
    for _ in range(50):
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    pytest.fail("no two free ports in a row")
