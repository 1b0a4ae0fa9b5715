"""What people install: everything Jupyter loads is in the wheels, is found once installed, and goes when they go."""

from __future__ import annotations

import json
import shutil
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

import lakebook
from tests.packaging.installation import ROOT, Environment, Wheels, build

SHARE = f"lakebook-{lakebook.__version__}.data/data"


def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def metadata(wheel: Path) -> dict[str, list[str]]:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        message = Parser().parsestr(archive.read(name).decode())
    return {key: message.get_all(key, []) for key in message}


@pytest.mark.parametrize(
    "name",
    [
        f"{SHARE}/share/jupyter/labextensions/lakebook/package.json",
        f"{SHARE}/share/jupyter/labextensions/lakebook/install.json",
        f"{SHARE}/etc/jupyter/jupyter_server_config.d/lakebook.json",
        f"{SHARE}/share/jupyter/kernels/lakebook/kernel.json",
        f"{SHARE}/share/jupyter/kernels/lakebook/logo-64x64.png",
        "lakebook/demo/notebooks/00_welcome.ipynb",
        "lakebook/demo/notebooks/pipelines/daily_sales.ipynb",
        "lakebook/demo/notebooks/pipelines/train_pipeline.ipynb",
        "lakebook/demo/notebooks/dashboards/sales.ipynb",
        "lakebook_kernel/provisioner.py",
        "lakebook_server/__init__.py",
        "lakebook_cli/main.py",
        "lakebook_magics/__init__.py",
    ],
)
def test_the_wheel_holds_every_part(wheels: Wheels, name: str) -> None:
    assert name in names(wheels.lakebook)


@pytest.mark.parametrize(
    "folder",
    ["labextensions/lakebook/static", "nbconvert/templates/lakebook", "voila/templates/lakebook"],
)
def test_the_wheel_holds_the_folders_that_jupyter_reads(wheels: Wheels, folder: str) -> None:
    assert [name for name in names(wheels.lakebook) if name.startswith(f"{SHARE}/share/jupyter/{folder}/")]


def test_every_migration_is_in_the_wheel(wheels: Wheels) -> None:
    versions = ROOT / "server_ext" / "lakebook" / "metadata" / "migrations" / "versions"
    ours = {f"lakebook/metadata/migrations/versions/{path.name}" for path in versions.glob("*.py")}
    assert ours
    assert ours <= set(names(wheels.lakebook))


def test_the_wheel_holds_nothing_else(wheels: Wheels) -> None:
    tops = {name.split("/")[0] for name in names(wheels.lakebook)}
    packages = {"lakebook", "lakebook_server", "lakebook_cli", "lakebook_mcp", "lakebook_magics", "lakebook_kernel"}
    dist = {f"lakebook-{lakebook.__version__}.{kind}" for kind in ("data", "dist-info")}
    assert tops == packages | dist
    assert not [name for name in names(wheels.lakebook) if "__pycache__" in name or "tests/" in name]


def test_the_two_wheels_are_of_one_version(wheels: Wheels) -> None:
    root, native = metadata(wheels.lakebook), metadata(wheels.native)
    assert root["Version"] == native["Version"] == [lakebook.__version__]
    assert f"lakebook-native=={lakebook.__version__}" in root["Requires-Dist"]
    assert "cp311-abi3" in wheels.native.name


def test_both_wheels_carry_their_licence(wheels: Wheels) -> None:
    assert metadata(wheels.lakebook)["License-Expression"] == ["BSD-3-Clause"]
    assert metadata(wheels.native)["License-Expression"] == ["BSD-3-Clause"]
    assert [name for name in names(wheels.lakebook) if name.endswith("licenses/LICENSE")]


def test_dependencies_are_ranges(wheels: Wheels) -> None:
    pinned = [one for one in metadata(wheels.lakebook)["Requires-Dist"] if "==" in one.split(";")[0]]
    assert pinned == [f"lakebook-native=={lakebook.__version__}"]


def test_the_native_wheel_is_typed(wheels: Wheels) -> None:
    inside = names(wheels.native)
    assert [name for name in inside if name.endswith("py.typed")]
    assert [name for name in inside if name.endswith(".pyi")]


@pytest.mark.parametrize("missing", ["extension/labextension", "templates/voila/lakebook", "notebooks"])
def test_without_a_part_there_is_no_wheel(tmp_path: Path, missing: str) -> None:
    tree = tmp_path / "tree"
    parts = ["pyproject.toml", "LICENSE", "README.md", "server_ext", "magics", "kernels", "jupyter_config"]
    for part in [*parts, "templates", "notebooks", "extension/labextension"]:
        source, target = ROOT / part, tree / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    shutil.rmtree(tree / missing)
    built = build(tree, tmp_path / "dist")
    assert built.returncode != 0
    assert f"{missing} is missing" in built.stdout
    assert not list((tmp_path / "dist").glob("*.whl"))


def test_the_panel_is_found(installed: Environment) -> None:
    listed = installed.run("jupyter", "labextension", "list").stdout
    line = next(line for line in listed.splitlines() if line.split()[:1] == ["lakebook"])
    assert f"v{lakebook.__version__}" in line
    assert "enabled" in line
    assert "OK" in line


def test_the_server_extension_is_found(installed: Environment) -> None:
    listed = installed.run("jupyter", "server", "extension", "list").stdout
    lines = [line for line in listed.splitlines() if "lakebook_server" in line]
    assert any("enabled" in line for line in lines), listed
    assert any("OK" in line for line in lines), listed


def test_the_kernelspec_is_found_and_its_provisioner_loads(installed: Environment) -> None:
    found = json.loads(installed.run("jupyter", "kernelspec", "list", "--json").stdout)["kernelspecs"]
    assert found["lakebook"]["spec"]["display_name"] == "lakebook"
    code = (
        "from jupyter_client.kernelspec import KernelSpecManager as M\n"
        "from jupyter_client.provisioning import KernelProvisionerFactory as F\n"
        "spec = M().get_kernel_spec('lakebook')\n"
        "print(F.instance().is_provisioner_available(spec))\n"
        "print(type(F.instance().create_provisioner_instance('k', spec, None)).__name__)"
    )
    assert installed.run("python", "-c", code).stdout.split() == ["True", "LakebookProvisioner"]


KERNEL = """
import os
os.environ["LAKEBOOK_HOME"] = HOME
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="lakebook")
said = []
code = (
    "import os; magics = set(get_ipython().magics_manager.magics['line']); "
    "print(os.environ['LAKEBOOK_HOME'], sorted({'ask', 'ingest'} & magics))"
)
client.execute_interactive(code, timeout=60, output_hook=lambda one: said.append(one["content"].get("text", "")))
client.stop_channels()
manager.shutdown_kernel(now=True)
print("".join(said))
"""


def test_the_kernel_starts_with_the_home_and_the_magics(installed: Environment, tmp_path: Path) -> None:
    home = tmp_path / "home"
    said = installed.run("python", "-c", f"HOME = {str(home)!r}\n{KERNEL}").stdout
    assert f"{home} ['ask', 'ingest']" in said.splitlines()


def test_the_command_says_its_version(installed: Environment) -> None:
    said = installed.run("lakebook", "--version")
    assert said.returncode == 0
    assert lakebook.__version__ in said.stdout


def test_the_notebooks_come_from_the_package(installed: Environment) -> None:
    said = installed.run("python", "-c", "from lakebook.demo import make; print(make.notebooks_dir())")
    folder = Path(said.stdout.strip())
    assert folder.is_relative_to(installed.folder)
    assert (folder / "00_welcome.ipynb").is_file()


def test_uninstalling_leaves_nothing(installed: Environment, wheels: Wheels) -> None:
    with_ours = installed.files()
    installed.uninstall("lakebook", "lakebook-native")
    without = installed.files()
    assert without < with_ours
    assert [name for name in without if "lakebook" in name.lower()] == []
    assert "lakebook" not in installed.run("jupyter", "labextension", "list").stdout
    kernels = json.loads(installed.run("jupyter", "kernelspec", "list", "--json").stdout)["kernelspecs"]
    assert "lakebook" not in kernels
    installed.install(str(wheels.lakebook), str(wheels.native))
    assert installed.files() == with_ours
