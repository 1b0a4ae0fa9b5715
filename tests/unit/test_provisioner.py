"""What a kernel is told at its start: the home, or a server's address and a token that ends with the kernel."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_server import CallContext

from lakebook_kernel import provisioner
from lakebook_kernel.provisioner import LakebookProvisioner, NoIdentity

ROOT = Path(__file__).resolve().parent.parent.parent
KERNEL_ID = "0190b5f2-0000-7000-8000-000000000001"


@pytest.fixture
def runtime_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    return tmp_path / "runtime"


@pytest.fixture
def minted(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Tokens by kernel, in place of the metadata database; the server's address with them."""
    tokens: dict[str, str] = {}

    def mint(user_id: str, kernel_id: str) -> str:
        tokens[kernel_id] = f"lb_{user_id}_{len(tokens)}"
        return tokens[kernel_id]

    def revoke(kernel_id: str) -> int:
        return 1 if tokens.pop(kernel_id, None) else 0

    monkeypatch.setattr(provisioner, "mint", mint)
    monkeypatch.setattr(provisioner, "revoke", revoke)
    monkeypatch.setattr(provisioner, "server_url", lambda: "http://127.0.0.1:8888/user/x")
    return tokens


def make() -> LakebookProvisioner:
    return LakebookProvisioner(
        kernel_id=KERNEL_ID, kernel_spec=KernelSpec(argv=["python", "-m", "kernel"]), parent=None
    )


def launched_with(one: LakebookProvisioner, env: dict[str, str] | None = None) -> dict[str, str]:
    kwargs: dict[str, Any] = {} if env is None else {"env": env}
    environment: dict[str, str] = asyncio.run(one.pre_launch(**kwargs))["env"]
    return environment


def requested_by(name: str) -> None:
    CallContext.set(CallContext.JUPYTER_HANDLER, SimpleNamespace(current_user=SimpleNamespace(username=name)))


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch, runtime_folder: Path, minted: dict[str, str]) -> Path:
    monkeypatch.setenv("LAKEBOOK_REMOTE_KERNELS", "1")
    monkeypatch.setenv("LAKEBOOK_HOME", "/srv/secret/home")
    return runtime_folder


def test_a_local_kernel_gets_the_servers_home(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("LAKEBOOK_LAKE", "s3://bucket/lake")
    environment = launched_with(make(), {"PATH": "/bin"})
    assert environment["LAKEBOOK_HOME"] == str(home)
    assert environment["LAKEBOOK_LAKE"] == "s3://bucket/lake"
    assert environment["PATH"] == "/bin"


def test_a_callers_own_home_wins(home: Path) -> None:
    assert launched_with(make(), {"LAKEBOOK_HOME": "/elsewhere"})["LAKEBOOK_HOME"] == "/elsewhere"


def test_without_a_server_nothing_is_invented(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAKEBOOK_HOME", raising=False)
    environment = launched_with(make(), {"PATH": "/bin"})
    assert "LAKEBOOK_HOME" not in environment
    assert "LAKEBOOK_URL" not in environment
    assert "LAKEBOOK_TOKEN_FILE" not in environment


def test_a_remote_kernel_gets_an_address_and_a_token_file_and_no_path(remote: Path) -> None:
    requested_by("ann")
    environment = launched_with(make(), {"LAKEBOOK_METADATA": "postgresql://u:p@db/lake", "PATH": "/bin"})
    ours = {name: value for name, value in environment.items() if name.startswith("LAKEBOOK_")}
    file = remote / f"lakebook-{KERNEL_ID}.token"
    assert ours == {"LAKEBOOK_URL": "http://127.0.0.1:8888/user/x", "LAKEBOOK_TOKEN_FILE": str(file)}
    assert file.read_text(encoding="utf-8") == "lb_ann_0"
    assert environment["PATH"] == "/bin"


def test_the_token_is_in_a_private_file_and_not_in_the_environment(remote: Path) -> None:
    requested_by("ann")
    environment = launched_with(make())
    file = Path(environment["LAKEBOOK_TOKEN_FILE"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert not any("lb_ann" in value for value in environment.values())


def test_a_restart_keeps_the_token(remote: Path, minted: dict[str, str]) -> None:
    requested_by("ann")
    one = make()
    launched_with(one)
    asyncio.run(one.cleanup(restart=True))
    CallContext.set(CallContext.JUPYTER_HANDLER, None)
    environment = launched_with(one)
    assert Path(environment["LAKEBOOK_TOKEN_FILE"]).read_text(encoding="utf-8") == minted[KERNEL_ID] == "lb_ann_0"


def test_the_end_of_the_kernel_is_the_end_of_its_token(remote: Path, minted: dict[str, str]) -> None:
    requested_by("ann")
    one = make()
    launched_with(one)
    asyncio.run(one.cleanup())
    assert minted == {}
    assert list(remote.iterdir()) == []


def test_a_kernel_for_nobody_is_refused(remote: Path, minted: dict[str, str]) -> None:
    CallContext.set(CallContext.JUPYTER_HANDLER, None)
    with pytest.raises(NoIdentity, match="REST API"):
        launched_with(make())
    assert minted == {}


def test_a_local_kernel_leaves_no_token(runtime_folder: Path, minted: dict[str, str], home: Path) -> None:
    one = make()
    launched_with(one)
    asyncio.run(one.cleanup())
    assert not runtime_folder.exists()


def test_the_token_file_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "a.token"
    provisioner.write_private(file, "first")
    with pytest.raises(FileExistsError):
        provisioner.write_private(file, "second")
    assert file.read_text(encoding="utf-8") == "first"


def test_tokens_are_minted_for_the_user_and_revoked_by_kernel(home: Path) -> None:
    from lakebook.access import tokens
    from lakebook.runtime import open_runtime

    open_runtime(upgrade=True).close()
    token = provisioner.mint("ann", KERNEL_ID)
    runtime = open_runtime()
    try:
        principal = tokens.principal_of(runtime, token)
        assert principal is not None
        assert principal.user_id == "ann"
        assert provisioner.revoke(KERNEL_ID) == 1
        assert tokens.principal_of(runtime, token) is None
        assert provisioner.revoke(KERNEL_ID) == 0
    finally:
        runtime.close()


def test_the_kernelspec_loads_the_magics_and_names_this_provisioner() -> None:
    spec = json.loads((ROOT / "kernels" / "lakebook" / "kernel.json").read_text(encoding="utf-8"))
    assert "--ext=lakebook" in spec["argv"]
    assert spec["argv"][0] == "python"
    assert spec["metadata"]["kernel_provisioner"]["provisioner_name"] == "lakebook-provisioner"
