"""A fitted model and its folder: how it is saved, loaded and asked, whichever engine made it."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook.ml import autogluon_engine, simple_models
from lakebook.ml.model_version import EngineKey, ProblemKind
from lakebook.ml.scoring import Answers

if TYPE_CHECKING:
    import pandas as pd

PICKLE = "model.pkl"


@dataclass(frozen=True)
class FittedModel:
    """A model in memory: ask it for answers to a frame of features."""

    engine: EngineKey
    model: Any
    kind: ProblemKind
    classes: int

    def answers(self, frame: pd.DataFrame) -> Answers:
        """Amounts, or class codes with their probabilities; the same rows always give the same figures."""
        import joblib
        import numpy as np

        # Forests add up their trees in the order the threads end: one thread keeps the last digit.
        with joblib.parallel_config(backend="sequential"):
            if self.kind == "regression":
                if self.engine == "autogluon":
                    return Answers(autogluon_engine.amounts(self.model, frame))
                return Answers(np.asarray(self.model.predict(frame), dtype=np.float64))
            engine: Any = autogluon_engine if self.engine == "autogluon" else simple_models
            probabilities = engine.class_probabilities(self.model, frame, self.classes)
            return Answers(probabilities.argmax(axis=1), probabilities)

    def save(self, folder: Path) -> None:
        """Write the model into `folder`; AutoGluon has done so while fitting."""
        if self.engine == "scikit-learn":
            folder.mkdir(parents=True, exist_ok=True)
            (folder / PICKLE).write_bytes(pickle.dumps(self.model))


def load(engine: EngineKey, folder: Path, kind: ProblemKind, classes: int) -> FittedModel:
    """The model saved in `folder`. It is unpickled: call this only on files whose seal was checked."""
    if engine == "autogluon":
        return FittedModel(engine, autogluon_engine.load(folder), kind, classes)
    return FittedModel(engine, pickle.loads((folder / PICKLE).read_bytes()), kind, classes)
