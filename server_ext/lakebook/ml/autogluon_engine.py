"""AutoGluon's tabular models: many are tried within the time, the best are blended, refitted and pruned for serving."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lakebook.ml import simple_models
from lakebook.ml.model_version import Candidate
from lakebook.ml.problem import Problem
from lakebook.ml.training_table import Rows

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

TARGET = "__lakebook_target__"
# Named one by one, since by default neural networks are tried too and fail for want of torch.
FAMILIES: dict[str, Any] = {
    "GBM": [
        {},
        {"extra_trees": True, "ag_args": {"name_suffix": "XT"}},
        {
            "learning_rate": 0.03, "num_leaves": 128, "feature_fraction": 0.9, "min_data_in_leaf": 3,
            "ag_args": {"name_suffix": "Large", "priority": 0},
        },
    ],
    "CAT": {},
    "XGB": {},
    "RF": {"n_estimators": 150},
    "XT": {"n_estimators": 150},
    "LR": {},
}  # fmt: skip
# What refitting and pruning take of the time comes after the search.
SEARCH_SHARE = 0.8
# So few rows are judged by each other in turn (bagging), which takes as many times longer as there are folds.
BAGGED_ROWS, BAGGED_CELLS, BAGGED_SECONDS, FOLDS = 10_000, 500_000, 30.0, 5
FEWEST_BAGGED = 50
Report = Callable[[float, str, dict[str, Any]], None]


def is_installed() -> bool:
    """Whether AutoGluon's tabular part can be imported."""
    return find_spec("autogluon") is not None and find_spec("autogluon.tabular") is not None


def warm() -> None:
    """Import what loading a model needs, where it is installed."""
    if is_installed():
        with quiet():
            import_module("autogluon.tabular")


def fit(
    rows: Rows, problem: Problem, folder: Path, *, time_limit: float, report: Report, cancelled: Callable[[], bool],
    validation: np.ndarray | None = None, gpus: int = 0,
) -> tuple[Any, list[Candidate]] | None:  # fmt: skip
    """A predictor saved in `folder` and what was tried, best first; None where the seconds were too few for any.

    The rows numbered by `validation` judge while the others teach; without them AutoGluon chooses. Once `cancelled`,
    the best model so far is kept as it is.
    """
    with quiet():
        from autogluon.tabular import TabularPredictor

        predictor = TabularPredictor(
            label=TARGET,
            path=str(folder),
            problem_type=problem.kind,
            eval_metric="root_mean_squared_error" if problem.kind == "regression" else "accuracy",
            verbosity=0,
            learner_kwargs={"label_count_threshold": 1},
        )
        started, seconds = time.monotonic(), time_limit * SEARCH_SHARE
        how = judged(rows, validation, time_limit)
        try:
            predictor.fit(
                **how,
                time_limit=seconds,
                hyperparameters=FAMILIES,
                num_gpus=gpus,
                num_cpus=1 if len(rows) < simple_models.SMALL else "auto",
                callbacks=[progress_callback(problem, seconds, report, cancelled)],
            )
        except RuntimeError as error:
            if "No models were trained" not in str(error):
                raise
        tried = leaderboard(predictor, problem) if predictor.is_fit and predictor.model_names() else []
        if not tried:
            return None
        report(0.8, "keeping the best model", {"best": tried[0].score})
        needed = refit_seconds(predictor, how.get("num_bag_folds", 1))
        if not cancelled() and time.monotonic() + needed < started + time_limit:
            predictor.refit_full(model="best", set_best_to_refit_full=True)
        predictor.delete_models(models_to_keep="best", dry_run=False)
        predictor.save_space()
        return predictor, tried


def judged(rows: Rows, validation: np.ndarray | None, time_limit: float) -> dict[str, Any]:
    """How the models are judged: on the rows of `validation`, in turns, or on rows that AutoGluon sets aside."""
    import numpy as np

    data = rows.features.assign(**{TARGET: rows.target})
    if validation is not None:
        teach = np.setdiff1d(np.arange(len(rows)), validation)
        known = validation[np.isin(rows.target[validation], rows.target[teach])]
        if rows.target.dtype.kind == "f":
            known = validation
        if len(known) > 1 and len(np.unique(rows.target[teach])) > 1:
            return {"train_data": data.iloc[teach], "tuning_data": data.iloc[known]}
        return {"train_data": data}
    few = FEWEST_BAGGED <= len(rows) <= BAGGED_ROWS and data.size <= BAGGED_CELLS
    if few and time_limit >= BAGGED_SECONDS:
        in_turns = {"fold_fitting_strategy": "sequential_local"}
        return {"train_data": data, "num_bag_folds": FOLDS, "num_bag_sets": 1, "num_stack_levels": 0,
                "ag_args_ensemble": in_turns}  # fmt: skip
    return {"train_data": data}


def progress_callback(problem: Problem, seconds: float, report: Report, cancelled: Callable[[], bool]) -> Any:
    """AutoGluon's callback that reports each model as it is fitted and stops the search once cancelled."""
    from autogluon.core.callbacks import AbstractCallback

    started = time.monotonic()
    scores: list[float] = []

    def before_model_fit(self: Any, trainer: Any, model: Any, **details: Any) -> tuple[bool, bool]:
        return cancelled(), False

    def after_model_fit(self: Any, trainer: Any, model_names: list[str], **details: Any) -> bool:
        fraction = min(0.75, 0.1 + 0.65 * (time.monotonic() - started) / seconds)
        for name in model_names:
            inner = trainer.get_model_attribute(name, "val_score")
            if inner is None:
                continue
            scores.append(inner)
            score, best = shown_score(problem, inner), shown_score(problem, max(scores))
            report(fraction, f"{name}: {score:.4g}", {"model": name, "score": score, "best": best})
        return cancelled()

    def inert(self: Any) -> tuple[Any, tuple[()]]:
        # AutoGluon pickles its state, callbacks too, after every model.
        return AbstractCallback, ()

    methods = {"before_model_fit": before_model_fit, "after_model_fit": after_model_fit, "__reduce__": inert}
    return type("ProgressCallback", (AbstractCallback,), methods)()


def shown_score(problem: Problem, inner: float) -> float:
    """AutoGluon's score (always higher is better) as the metric itself."""
    return -float(inner) if problem.kind == "regression" else float(inner)


def leaderboard(predictor: Any, problem: Problem) -> list[Candidate]:
    """What was tried, best first."""
    table = predictor.leaderboard()
    return [
        Candidate(
            model=str(row.model), score=shown_score(problem, row.score_val), fit_seconds=float(row.fit_time_marginal)
        )
        for row in table.itertuples()
    ]


def refit_seconds(predictor: Any, turns: int = 1) -> float:
    """What refitting the best model will take: what its parts took, once instead of in turns, on a few rows more."""
    table = predictor.leaderboard()
    return 1.2 * float(table["fit_time"].iloc[0]) / turns


def load(folder: Path) -> Any:
    """The predictor saved in `folder`, its models kept in memory."""
    with quiet():
        from autogluon.tabular import TabularPredictor

        predictor = TabularPredictor.load(str(folder), verbosity=0)
        predictor.persist()
        return predictor


def amounts(predictor: Any, frame: pd.DataFrame) -> np.ndarray:
    """The predicted amounts (rows)."""
    import numpy as np

    with quiet():
        return np.asarray(predictor.predict(frame, as_pandas=False), dtype=np.float64)


def class_probabilities(predictor: Any, frame: pd.DataFrame, classes: int) -> np.ndarray:
    """Probabilities, rows x classes; a class the model never saw has probability 0."""
    import numpy as np

    with quiet():
        table = predictor.predict_proba(frame, as_pandas=True, as_multiclass=True)
    probabilities = np.zeros((len(frame), classes))
    probabilities[:, [int(code) for code in table.columns]] = table.to_numpy()
    # Some models answer in float32, whose sums are a little off 1.
    shares: np.ndarray = np.divide(probabilities, probabilities.sum(axis=1, keepdims=True))
    return shares


def quiet() -> AbstractContextManager[None]:
    """Silences AutoGluon's remarks on absent accelerators and its models' warnings while inside."""
    return _Quiet()


class _Quiet:
    def __enter__(self) -> None:
        self._warnings = warnings.catch_warnings()
        self._warnings.__enter__()
        warnings.simplefilter("ignore")
        self._logger = logging.getLogger("autogluon.common.utils.resource_utils")
        self._level = self._logger.level
        self._logger.setLevel(logging.CRITICAL)

    def __exit__(self, *error: object) -> None:
        self._logger.setLevel(self._level)
        self._warnings.__exit__(None, None, None)
