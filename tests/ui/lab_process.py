"""JupyterLab as a process of its own, with exactly the parts that the wheel would install."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a-token-of-this-run"
SECONDS_TO_START = 60


@dataclass(frozen=True)
class Lab:
    """A Lab that runs: its address with the base path, the folder it shows, its process."""

    url: str
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return "/".join(self.url.split("/", 3)[:3])

    def stop(self) -> None:
        """End it, and see it end."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


def start_lab(work: Path, base_url: str = "/") -> Lab:
    """Start a Lab in a folder of its own and wait until it answers."""
    prefix, folder, port = lay_out(work / "prefix"), work / "files", free_port()
    folder.mkdir()
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
        "--ServerApp.port_retries=0", f"--ServerApp.root_dir={folder}", f"--ServerApp.base_url={base_url}",
        f"--IdentityProvider.token={TOKEN}", "--LabApp.extension_manager=readonly",
        "--LabApp.expose_app_in_browser=True",
        f"--LabApp.workspaces_dir={work / 'workspaces'}", f"--LabApp.user_settings_dir={work / 'settings'}",
    ]  # fmt: skip
    environment = {
        **os.environ,
        "HOME": str(work),
        "JUPYTER_PATH": str(prefix / "share" / "jupyter"),
        "JUPYTER_CONFIG_PATH": str(prefix / "etc" / "jupyter"),
    }
    with (work / "lab.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
    lab = Lab(f"http://127.0.0.1:{port}{base_url}", folder, process)
    try:
        wait_until_it_answers(lab)
    except TimeoutError as error:
        lab.stop()
        raise TimeoutError(f"{error}\n{(work / 'lab.log').read_text()[-4000:]}") from error
    return lab


def lay_out(prefix: Path) -> Path:
    """Link the parts into a prefix as the wheel's table names them, so that the tree under test is what is served."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    parts: dict[str, str] = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert (ROOT / "extension/labextension/package.json").is_file(), "The panel is not built: run `make setup`."
    for source, target in parts.items():
        place = prefix / target
        if (ROOT / source).is_dir():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(ROOT / source)
    shutil.copytree(ROOT / "jupyter_config/labconfig", prefix / "etc/jupyter/labconfig")
    return prefix


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until_it_answers(lab: Lab) -> None:
    """Ask until the server answers; TimeoutError where it does not."""
    last = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < last:
        try:
            with urlopen(f"{lab.url}api", timeout=2):
                return
        except (URLError, ConnectionError, TimeoutError):
            if lab.process.poll() is not None:
                break
            pause(lab.process)
    raise TimeoutError("The Lab did not start.")


def pause(process: subprocess.Popen[bytes]) -> None:
    """Wait a moment, less where the process ends."""
    try:
        process.wait(0.2)
    except subprocess.TimeoutExpired:
        return
