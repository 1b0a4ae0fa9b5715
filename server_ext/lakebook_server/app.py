"""The server extension: traits to settings, routes, and the worker processes it keeps alive."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from jupyter_server.extension.application import ExtensionApp
from jupyter_server.serverapp import ServerApp
from tornado.ioloop import PeriodicCallback
from traitlets import Bool, Enum, Int, List, Unicode

import lakebook
from lakebook.ingest.arrival import FRESH_SECONDS, drop_abandoned
from lakebook.ingest.uploads import Uploads
from lakebook.runtime import Runtime, open_runtime
from lakebook_server.broadcast import Broadcast
from lakebook_server.routes import handlers

LOOK_MS = 2000
UPLOADS_MS = 3_600_000


class LakebookApp(ExtensionApp):
    """lakebook inside Jupyter Server: REST and WebSockets under `/lakebook`."""

    name = "lakebook"
    extension_url = "/lab"
    load_other_extensions = True

    home = Unicode("", help="Folder that holds everything lakebook keeps; e.g. '/data/.lakebook'.").tag(config=True)
    metadata = Unicode("", help="Metadata database; e.g. 'postgresql://user@host/lakebook'.").tag(config=True)
    events = Unicode("", help="Broker of the topics; e.g. 'kafka://host:9092'.").tag(config=True)
    workers = Int(1, min=0, help="Worker processes kept alive (a count).").tag(config=True)
    threads = Int(8, min=1, help="Threads that serve requests (a count).").tag(config=True)
    agent_actions = List(
        Enum(("read", "write", "execute")),
        default_value=["read"],
        help="What agents may do by the Model Context Protocol; e.g. ['read', 'write'].",
    ).tag(config=True)
    remote_kernels = Bool(
        False, help="Whether kernels reach lakebook by REST with a token of their own instead of the home folder."
    ).tag(config=True)

    def initialize_settings(self) -> None:
        """Open the home, tell the kernels of it, and make the services that the routes use."""
        given = {"metadata": self.metadata, "events": self.events, "remote_kernels": self.remote_kernels}
        chosen = {name: value for name, value in given.items() if value}
        self.runtime: Runtime = open_runtime(
            self.home or None, root=Path(self._server().root_dir), upgrade=True, **chosen
        )
        os.environ.update(self.runtime.settings.addresses())
        if self.remote_kernels:
            os.environ["LAKEBOOK_REMOTE_KERNELS"] = "1"
        self.staff: list[subprocess.Popen[bytes]] = []
        self.pool = ThreadPoolExecutor(self.threads, thread_name_prefix="lakebook")
        self.settings.update(
            lakebook_runtime=self.runtime,
            lakebook_pool=self.pool,
            lakebook_root=Path(self._server().root_dir),
            lakebook_broadcast=Broadcast(self.runtime, self.pool),
            lakebook_uploads=self._uploads(),
            lakebook_senders={},
            lakebook_agent_actions=frozenset(self.agent_actions),
        )
        from lakebook.observe.logs import configure

        configure(self.runtime.settings)

    def _uploads(self) -> Uploads:
        settings = self.runtime.settings
        return Uploads(settings.folder("uploads"), settings.folder("files"), settings.max_upload_bytes)

    def initialize_handlers(self) -> None:
        """Add every route."""
        self.handlers.extend(handlers())

    async def _start_jupyter_server_extension(self, _serverapp: Any) -> None:
        self.write_server_file()
        self.keep_workers()
        self.looking = PeriodicCallback(self.keep_workers, LOOK_MS)
        self.looking.start()
        self.expire_uploads()
        self.expiring = PeriodicCallback(self.expire_uploads, UPLOADS_MS)
        self.expiring.start()
        # What a server that was killed a moment ago left is too fresh to be told from what arrives.
        self.swept_soon = asyncio.get_running_loop().call_later(2 * FRESH_SECONDS, self.expire_uploads)
        await asyncio.get_running_loop().run_in_executor(self.pool, self.runtime.children.warm)

    def keep_workers(self) -> None:
        """Start workers in the place of those that died."""
        from lakebook.jobs.staff import start_worker

        self.staff = [worker for worker in self.staff if worker.poll() is None]
        while len(self.staff) < self.workers:
            self.staff.append(start_worker(self.runtime, idle_seconds=None))

    def expire_uploads(self) -> None:
        """Drop the uploads that nobody has finished in time, and what killed servers left of others."""
        self.pool.submit(self.settings["lakebook_uploads"].expire)
        self.pool.submit(drop_abandoned, self.runtime.settings.folder("tmp"))

    def write_server_file(self) -> None:
        """Keep this server's address in the home, for links; it holds no secret."""
        address = {"url": self._server().connection_url, "pid": os.getpid(), "version": lakebook.__version__}
        path = self.runtime.settings.home / "server.json"
        path.write_text(json.dumps(address))
        path.chmod(0o600)

    def _server(self) -> ServerApp:
        assert self.serverapp is not None
        return self.serverapp

    async def stop_extension(self) -> None:
        """End the workers and close what was opened."""
        if hasattr(self, "looking"):
            self.looking.stop()
            self.expiring.stop()
            self.swept_soon.cancel()
        self.settings["lakebook_broadcast"].stop()
        for worker in self.staff:
            worker.terminate()
        for worker in self.staff:
            try:
                worker.wait(5)
            except subprocess.TimeoutExpired:
                worker.kill()
        (self.runtime.settings.home / "server.json").unlink(missing_ok=True)
        self.pool.shutdown(wait=False, cancel_futures=True)
        self.runtime.close()
