"""What an MLflow run holds as files: environment, signature, example, tables, log, card, pictures."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lakebook
from lakebook.ml.model_version import TrainedModel

if TYPE_CHECKING:
    from lakebook.ml.model_version import ModelVersion

# What may have a part in a model's answers.
PACKAGES = (
    "autogluon.tabular", "catboost", "lightgbm", "mlflow", "numpy", "pandas", "polars", "pyarrow", "scikit-learn",
    "scipy", "xgboost", "xgboost-cpu",
)  # fmt: skip
TABLES = ("baselines", "leaderboard", "features", "excluded", "findings", "curve")


def files_of(trained: TrainedModel) -> dict[str, str]:
    """The files that are kept with every run, by path, as text."""
    plain = trained.model_dump(mode="json")
    found = {f"{part}.json": json.dumps({part: plain[part]}, indent=1) for part in TABLES}
    found["environment.json"] = json.dumps(environment(), indent=1)
    found["requirements.txt"] = "".join(f"{name}=={number}\n" for name, number in environment()["packages"].items())
    found["input_example.json"] = json.dumps(plain["input_example"])
    found["split.json"] = json.dumps(plain["split"])
    if plain["evaluation"] is not None:
        found["evaluation.json"] = json.dumps(plain["evaluation"], indent=1)
    found["training.log"] = "".join(f"{line}\n" for line in log_lines(trained))
    return found


def write(folder: Path, trained: TrainedModel) -> None:
    """Write the files of a run into a folder."""
    for name, text in files_of(trained).items():
        (folder / name).write_text(text, encoding="utf-8")


def write_pictures(folder: Path, model: ModelVersion) -> None:
    """Write the card as a page, and each picture as PNG with the spec beside it."""
    from lakebook.charts import png
    from lakebook.ml.card import card_page
    from lakebook.ml.pictures import pictures

    (folder / "card.html").write_text(card_page(model), encoding="utf-8")
    plots = folder / "plots"
    plots.mkdir()
    for picture in pictures(model):
        (plots / f"{picture.name}.png").write_bytes(png(picture.spec))
        (plots / f"{picture.name}.vl.json").write_text(json.dumps(picture.spec), encoding="utf-8")


def log_lines(trained: TrainedModel) -> Iterator[str]:
    """The training line by line: what was read, found, tried, and what came of it."""
    yield (
        f"{trained.dataset_name} v{trained.dataset_version}: {trained.rows_trained:,} rows learned, "
        f"{trained.rows_held_out:,} held out ({trained.split.kind}), {trained.rows_dropped:,} without a target"
    )
    for finding in trained.findings:
        yield f"{'stop' if finding.stop else 'warning'} {finding.code}: {finding.message}"
    for excluded in trained.excluded:
        yield f"left out {excluded.column}: {excluded.reason}"
    for point in trained.curve:
        yield f"{point.seconds:8.2f} s  {point.model}  {point.score:.6g}  best so far {point.best:.6g}"
    yield from trained.notes
    yield f"{trained.training_time_seconds:8.2f} s  {trained.winner}: {trained.verdict}"


@cache
def environment() -> dict[str, Any]:
    """Python, the machine's kind, lakebook with its code's digest, and the packages that have a part in answers."""
    return {
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "lakebook": lakebook.__version__,
        "code": code_digest(),
        "packages": {name: number for name in PACKAGES if (number := _version(name)) is not None},
    }


@cache
def code_digest() -> str:
    """The first half of the SHA-256 of the code that trains and predicts, which tells two builds of a version apart."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.relative_to(Path(__file__).parent).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:32]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
