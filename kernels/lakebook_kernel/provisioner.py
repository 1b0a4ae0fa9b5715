"""Starts kernels that know their lakebook: the home itself, or the server's address and a token of their own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_core.paths import jupyter_runtime_dir

PREFIX = "LAKEBOOK_"
REMOTE = "LAKEBOOK_REMOTE_KERNELS"


class NoIdentity(RuntimeError):
    """A kernel that needs a token was started for nobody in particular."""


class LakebookProvisioner(LocalProvisioner):
    """Local kernels by default share the server's home; where identities matter they get no path, only a token."""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the kernel must know to its environment, in the server's process."""
        environment = dict(kwargs.get("env") or os.environ)
        kwargs["env"] = await self.remote(environment) if wants_remote() else local(environment)
        return await super().pre_launch(**kwargs)

    async def cleanup(self, restart: bool = False) -> None:
        """At the kernel's end its token is revoked; a restart keeps it."""
        if not restart and self.token_file.exists():
            await asyncio.to_thread(revoke, self.kernel_id)
            self.token_file.unlink(missing_ok=True)
        await super().cleanup(restart=restart)

    @property
    def token_file(self) -> Path:
        """Where this kernel finds its token; only its user can read it."""
        return Path(jupyter_runtime_dir()) / f"lakebook-{self.kernel_id}.token"

    async def remote(self, environment: Mapping[str, str]) -> dict[str, str]:
        """The environment without any address of lakebook's own, with the server's URL and a token file."""
        if not self.token_file.exists():
            token = await asyncio.to_thread(mint, requesting_user(), self.kernel_id)
            write_private(self.token_file, token)
        told = {name: value for name, value in environment.items() if not name.startswith(PREFIX)}
        return told | {"LAKEBOOK_URL": server_url(), "LAKEBOOK_TOKEN_FILE": str(self.token_file)}


def wants_remote() -> bool:
    """Whether the server runs its kernels without access to the home."""
    return os.environ.get(REMOTE, "") == "1"


def local(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with the server's own addresses, where the caller left them out."""
    return {name: value for name, value in os.environ.items() if name.startswith(PREFIX)} | dict(environment)


def requesting_user() -> str:
    """Who asked the server for this kernel (raises NoIdentity outside a request)."""
    from jupyter_server import CallContext

    handler = CallContext.get(CallContext.JUPYTER_HANDLER)
    user = getattr(handler, "current_user", None)
    if user is None:
        raise NoIdentity("This server gives each kernel a token of its own: start the kernel through its REST API.")
    return str(user.username)


def server_url() -> str:
    """Address of the running server on this machine, base URL included, without a slash at its end."""
    from jupyter_server.serverapp import ServerApp

    return str(ServerApp.instance().local_url).partition("?")[0].rstrip("/")


def mint(user_id: str, kernel_id: str) -> str:
    """A token for this user and this kernel alone."""
    from lakebook.access import tokens
    from lakebook.access.principal import Principal
    from lakebook.runtime import open_runtime

    runtime = open_runtime()
    try:
        return tokens.mint(runtime, Principal(user_id), kernel_id)
    finally:
        runtime.close()


def revoke(kernel_id: str) -> int:
    """End every token of this kernel; returns how many there were."""
    from lakebook.access import tokens
    from lakebook.runtime import open_runtime

    runtime = open_runtime()
    try:
        return tokens.revoke(runtime, kernel_id)
    finally:
        runtime.close()


def write_private(path: Path, text: str) -> None:
    """Write a new file that nobody else can read (mode 0600 from its first byte)."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
