"""The parent's end of the process that holds loaded models: started, asked, replaced when it fails, never left over."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lakebook
from lakebook.errors import ModelFailed
from lakebook.ml.serving import frames

# What the process needs of the parent's environment; tokens and addresses are not among it.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ")


def serving_command(folder: Path, size: int) -> list[str]:
    """The command that serves the models below `folder`, at most `size` of them in memory."""
    # -P: a file in the working folder must not pass for a library.
    return [sys.executable, "-P", "-m", "lakebook.ml.serving.serve_child", str(folder), str(size)]


class ModelChild:
    """One warm process; asked by one thread at a time."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()
        self._end: Any = None

    def start(self) -> None:
        """Start the process unless it lives; it imports its libraries while the caller goes on."""
        with self._lock:
            self._living()

    def ask(self, header: dict[str, Any], body: bytes, timeout: float) -> frames.Message:
        """Send one message and return its answer; ModelFailed where none came within `timeout` seconds."""
        with self._lock:
            process = self._living()
            late = threading.Event()
            timer = threading.Timer(timeout, _stop, (process, late))
            timer.daemon = True
            timer.start()
            try:
                answer = _exchange(process, header, body)
            except BaseException:
                # Half a message may be in the pipe: the next caller must not read it as its answer.
                self._kill()
                raise
            finally:
                timer.cancel()
            if answer is not None:
                return answer
            self._kill()
        if late.is_set():
            raise ModelFailed(f"The model had not answered after {timeout:g} seconds.")
        raise ModelFailed("The model's process ended before it had answered.")

    def close(self) -> None:
        """End the process, whatever it is doing; whoever waits for its answer gets ModelFailed."""
        process = self._process
        if process is not None and self._owner == os.getpid():
            process.kill()
        with self._lock:
            self._kill()

    def _living(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._owner == os.getpid() and self._process.poll() is None:
            return self._process
        self._kill()
        self._owner = os.getpid()
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,
        )
        self._end = weakref.finalize(self, _end, self._process)
        return self._process

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if self._owner == os.getpid():
            self._end()
        elif self._end is not None:
            # A fork: the process is the parent's, and not this one's to end.
            self._end.detach()


def _exchange(process: subprocess.Popen[bytes], header: dict[str, Any], body: bytes) -> frames.Message | None:
    if process.stdin is None or process.stdout is None:
        return None
    try:
        frames.write_message(process.stdin, header, body)
        return frames.read_message(process.stdout)
    except (OSError, ValueError):
        return None


def _stop(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:
                continue


def _environment() -> dict[str, str]:
    """Few variables, one thread (so that figures repeat to the digit), and this very lakebook to import."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    own = str(Path(lakebook.__file__).parents[1])
    environment["PYTHONPATH"] = os.pathsep.join([own, *filter(None, [os.environ.get("PYTHONPATH")])])
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    return environment
