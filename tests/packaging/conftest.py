"""The two wheels, built once, and an empty environment with a plain JupyterLab to install them into."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.packaging.installation import ROOT, UV, Environment, Wheels, build


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Wheels:
    """The root wheel built here, and the native one that `make setup` built and installed."""
    folder = tmp_path_factory.mktemp("dist")
    built = build(ROOT, folder)
    assert built.returncode == 0, built.stdout
    native = sorted((ROOT / ".cache" / "wheels").glob("lakebook_native-*.whl"))
    assert len(native) == 1, "the native wheel is not built: run `make setup`"
    return Wheels(next(folder.glob("lakebook-*.whl")), native[0])


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment that has JupyterLab and nothing of ours."""
    environment = Environment(tmp_path_factory.mktemp("plain") / "venv")
    subprocess.run([str(UV), "venv", "--quiet", "--python", sys.executable, str(environment.folder)], check=True)
    environment.install("jupyterlab")
    return environment


@pytest.fixture(scope="session")
def installed(plain: Environment, wheels: Wheels) -> Environment:
    """The same environment after `pip install` of both wheels."""
    plain.install(str(wheels.lakebook), str(wheels.native))
    return plain
