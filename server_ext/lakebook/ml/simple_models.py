"""Models that need scikit-learn alone: constant and linear baselines, and boosting where AutoGluon is absent."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from lakebook.ml.problem import Problem

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

# A word column's commonest values get a column each, the rest share one.
LINEAR_WORDS = 50
# Histogram boosting takes at most 255 categories, one of them for the rare ones.
BOOSTED_WORDS = 250
SMALL = 10_000


def to_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with instants as seconds and missing words as empty ones."""
    result = frame.copy()
    for name in frame.columns:
        if frame[name].dtype.kind == "M":
            seconds = frame[name].astype("int64") / 1e9
            result[name] = seconds.where(frame[name].notna())
        elif frame[name].dtype == object:
            result[name] = frame[name].fillna("").astype(str)
    return result


def to_categories(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with words as categories, under names that LightGBM takes."""
    words = {name: "category" for name in frame.columns if frame[name].dtype == object}
    return frame.astype(words).set_axis([f"c{place}" for place in range(frame.shape[1])], axis=1)


def constant_model(problem: Problem, seed: int) -> Any:
    """Always the commonest class, with the classes' shares as probabilities; or always the mean."""
    from sklearn.dummy import DummyClassifier, DummyRegressor

    return DummyRegressor() if problem.kind == "regression" else DummyClassifier(strategy="prior", random_state=seed)


def linear_model(frame: pd.DataFrame, problem: Problem, seed: int) -> Any:
    """A ridge or logistic regression over scaled numbers and the commonest words."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

    words, numbers = _words_and_numbers(frame)
    numeric = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler())
    worded = OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=LINEAR_WORDS)
    columns = ColumnTransformer([("numbers", numeric, numbers), ("words", worded, words)])
    regression = problem.kind == "regression"
    model = Ridge(random_state=seed) if regression else LogisticRegression(max_iter=500, random_state=seed)
    return make_pipeline(FunctionTransformer(to_numbers), columns, model)


def boosted_model(frame: pd.DataFrame, problem: Problem, seed: int) -> Any:
    """scikit-learn's histogram gradient boosting; words are categories, missing values a branch of their own."""
    import numpy as np
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OrdinalEncoder

    words, numbers = _words_and_numbers(frame)
    # A column may be filled only in the rows kept unseen; boosting refuses to learn from nothing.
    filled = [name for name in numbers if frame[name].notna().any()]
    worded = OrdinalEncoder(
        handle_unknown="use_encoded_value",
        unknown_value=np.nan,
        encoded_missing_value=np.nan,
        max_categories=BOOSTED_WORDS,
    )
    columns = ColumnTransformer([("words", worded, words), ("numbers", "passthrough", filled)])
    boosting = HistGradientBoostingRegressor if problem.kind == "regression" else HistGradientBoostingClassifier
    model = boosting(categorical_features=list(range(len(words))), random_state=seed)
    return make_pipeline(FunctionTransformer(to_numbers), columns, model)


def lightgbm_model(_frame: pd.DataFrame, problem: Problem, seed: int) -> Any:
    """LightGBM with its own defaults, words as categories; None where it is not installed."""
    from importlib import import_module
    from importlib.util import find_spec

    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    if find_spec("lightgbm") is None:
        return None
    lightgbm = import_module("lightgbm")
    kind = lightgbm.LGBMRegressor if problem.kind == "regression" else lightgbm.LGBMClassifier
    model = kind(random_state=seed, verbosity=-1, deterministic=True, force_row_wise=True)
    return make_pipeline(FunctionTransformer(to_numbers), FunctionTransformer(to_categories), model)


def fit(model: Any, frame: pd.DataFrame, target: np.ndarray) -> Any:
    """The model, fitted; a small table by one thread, since more of them wait for each other longer than they work."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1 if len(frame) < SMALL else None), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(frame, target)


def class_probabilities(model: Any, frame: pd.DataFrame, classes: int) -> np.ndarray:
    """Probabilities, rows x classes; a class the model never saw has probability 0."""
    import numpy as np

    probabilities = np.zeros((len(frame), classes))
    probabilities[:, model.classes_] = model.predict_proba(frame)
    return probabilities


def _words_and_numbers(frame: pd.DataFrame) -> tuple[list[str], list[str]]:
    words = [name for name in frame.columns if frame[name].dtype == object]
    return words, [name for name in frame.columns if name not in words]
