"""A model that `lakebook train adult --target income --time 60` registered, served beside `mlflow models serve`.

`bench_serve.py [HOME]`: HOME holds the model `adult_income`; without one it is trained. One serving process each,
64 clients in a process of their own; then the numbers on 10,000 rows, and a batch of a million rows.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import polars as pl

import lakebook
from lakebook.ml import fitted
from lakebook.ml.columns import to_frame
from lakebook.ml.serving.feature_rows import from_table
from lakebook.runtime import Runtime, open_runtime

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = Path(os.environ.get("SHARED", ROOT.parent / "shared"))
OWN = "/lakebook/api/v1/ml/predict"
MODEL, CLIENTS, SECONDS, WARM_SECONDS = "adult_income", 64, 10.0, 3.0
LEAST_TIMES, MOST_P99, SAME, CHECKED, BATCH = 20.0, 0.1, 1e-6, 10_000, 1_000_000


def trained(home: Path) -> None:
    """Ingest the table and train the model, as anybody would."""
    with lakebook.open(home) as lb:
        lb.ingest(str(SHARED / "data/tabular/adult.csv"), name="adult")
        print(lb.train("adult", target="income", time=60).verdict)
        lb.train("adult", target="income", time=10)


def mlflow_model(runtime: Runtime, folder: Path) -> Path:
    """The registered model as MLflow's pyfunc: AutoGluon, loaded and asked as its documentation does."""
    pyfunc: Any = import_module("mlflow.pyfunc")

    def load_context(self: Any, context: Any) -> None:
        from autogluon.tabular import TabularPredictor

        self.predictor = TabularPredictor.load(context.artifacts["model"], verbosity=0)
        self.predictor.persist()

    def predict(self: Any, context: Any, model_input: Any, params: Any = None) -> Any:
        return self.predictor.predict(model_input)

    kind = type("Model", (pyfunc.PythonModel,), {"load_context": load_context, "predict": predict})
    path, model = folder / "pyfunc", runtime.models.get(MODEL)
    files = runtime.models.artifacts / model.model_id / "model"
    pyfunc.save_model(str(path), python_model=kind(), artifacts={"model": str(files)})
    return path


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, **environment: str) -> Iterator[None]:
    """The server, from when it answers /ping until the block ends."""
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        for _ in range(600):
            if process.poll() is not None:
                raise RuntimeError(f"{command[:6]} ended with {process.returncode}")
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/ping", timeout=5).read()
                break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                Event().wait(0.2)
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def asked(port: int, body: Path, seconds: float, path: str = "/invocations") -> dict[str, Any]:
    """What the clients saw."""
    command = [sys.executable, str(ROOT / "tests/bench/load_clients.py"), str(port), path, str(body)]
    run = subprocess.run([*command, str(CLIENTS), str(seconds)], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def compare_servers(runtime: Runtime, home: Path, folder: Path) -> None:
    """Print both servers under the same clients."""
    example = runtime.models.get(MODEL).input_example
    body = folder / "body.json"
    body.write_text(json.dumps({"dataframe_split": {"columns": list(example), "data": [list(example.values())]}}))
    seen = {}
    for name in ("lakebook", "mlflow"):
        port = free_port()
        if name == "lakebook":
            command = [sys.executable, "-m", "lakebook_cli", "serve", "models", "--home", str(home), "--model", MODEL]
            command += ["--port", str(port), "--token", ""]
        else:
            made = mlflow_model(runtime, folder)
            command = [sys.executable, "-m", "mlflow", "models", "serve", "-m", str(made), "-p", str(port)]
            command += ["--env-manager", "local", "--workers", "1"]
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        with running(command, port, MLFLOW_DISABLE_TELEMETRY="true", PATH=path):
            asked(port, body, WARM_SECONDS)
            seen[name] = asked(port, body, SECONDS)
        one = seen[name]
        print(
            f"{name:<9} {one['rate']:8.0f} requests/s  p50 {one['p50']:8.1f} ms  p99 {one['p99']:8.1f} ms  "
            f"{one['failed']} of {one['asked']} failed {one['first'] or ''}"
        )
    own, theirs = seen["lakebook"], seen["mlflow"]
    print(f"{own['rate'] / theirs['rate']:.1f} times the requests (at least {LEAST_TIMES:g}), "
          f"{own['p99'] / theirs['p99']:.3f} of the p99 (at most {MOST_P99:g})")  # fmt: skip


def promote_other(runtime: Runtime) -> None:
    """Make the other of two versions the champion."""
    runtime.models.move(f"{MODEL}@{3 - runtime.models.get(MODEL).version}", "champion")


def switch(runtime: Runtime, home: Path, folder: Path) -> None:
    """Print what clients see while the champion changes every second: each answer whole, of one version."""
    first, second = f"{MODEL}@1", f"{MODEL}@2"
    features = runtime.models.get(first).input_example
    body, port = folder / "own.json", free_port()
    body.write_text(json.dumps({"model": MODEL, "features": features}))
    command = [sys.executable, "-m", "lakebook_cli", "serve", "models", "--home", str(home), "--port", str(port)]
    with running([*command, "--token", ""], port), ThreadPoolExecutor(1) as pool:
        asked(port, body, WARM_SECONDS, OWN)
        moves = 0
        for _ in range(2):
            promote_other(runtime)
        clients = pool.submit(asked, port, body, 2 * SECONDS, OWN)
        while not clients.done():
            Event().wait(1.0)
            promote_other(runtime)
            moves += 1
        seen = clients.result()
    wanted = {}
    for reference in (first, second):
        found = runtime.predictors.predict(reference, [features])
        wanted[found.model.version] = (found[0].prediction, found[0].confidence)
    told = {body: json.loads(body) for body in seen["bodies"]}
    mixed = sum(
        count for body, count in seen["bodies"].items()
        if (told[body]["prediction"], told[body]["confidence"]) != wanted[told[body]["version"]]
    )  # fmt: skip
    print(f"{moves} switches under {CLIENTS} clients: {seen['asked']} answers of {len(told)} kinds, "
          f"{seen['failed']} failed, {mixed} mixed")  # fmt: skip


def compare_numbers(runtime: Runtime) -> None:
    """Print the largest difference on 10,000 rows, and how long a million rows take each."""
    meant = runtime.predictors.meant(MODEL)
    model = meant.model
    home = runtime.models.artifacts / model.model_id
    print(f"{model.winner}, {'prepared' if (home / 'prepared').is_dir() else 'not prepared'}: {model.verdict}")
    loaded = fitted.load(model.engine, home / "model", model.problem_kind, len(model.classes))
    row = runtime.catalog.row("adult")
    version = runtime.catalog.version(row["dataset_id"], row["version"])
    rows = pl.read_parquet(list(runtime.lake.paths(row["s3_key"], list(version["files"]))))
    many = pl.concat([rows] * -(-BATCH // len(rows))).head(BATCH).to_arrow()
    table, _ = from_table(many, model.features, meant.known)
    few = table.slice(0, CHECKED)
    wanted = loaded.answers(to_frame(few, model.features)).probabilities
    got = runtime.predictors.answers(meant, few)
    shares = np.column_stack([got.column(f"p{code}").to_numpy() for code in range(len(model.classes))])
    print(f"{CHECKED:,} rows: largest difference {np.abs(shares - wanted).max():.1e} (at most {SAME:g})")
    spent = {}
    for name in ("lakebook", "AutoGluon"):
        began = time.perf_counter()
        if name == "lakebook":
            for start in range(0, table.num_rows, 65_536):
                runtime.predictors.answers(meant, table.slice(start, 65_536))
        else:
            loaded.model.predict_proba(to_frame(table, model.features))
        spent[name] = time.perf_counter() - began
    told = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in spent.items())
    print(f"{BATCH:,} rows: {told}: {spent['AutoGluon'] / spent['lakebook']:.1f} times as fast")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as made:
        home = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(made) / ".lakebook"
        if len(sys.argv) < 2:
            trained(home)
        runtime = open_runtime(home)
        try:
            compare_numbers(runtime)
            compare_servers(runtime, home, Path(made))
            switch(runtime, home, Path(made))
        finally:
            runtime.close()


if __name__ == "__main__":
    main()
