"""What a model goes by: how much worse it gets where one column's values are shuffled."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from lakebook.ml.evaluation.records import Importance
from lakebook.ml.problem import Problem
from lakebook.ml.scoring import Answers, interval, losses

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

ROWS, SHUFFLES, REPLICATES = 1000, 5, 200
# Rows answered at once: a model takes far longer for many small frames than for one.
AT_ONCE = 20_000


def importance(
    answers: Callable[[pd.DataFrame], Answers], frame: pd.DataFrame, truth: np.ndarray, problem: Problem, *,
    seconds: float, seed: int,
) -> tuple[list[Importance], int]:  # fmt: skip
    """The columns, most important first, and the rows that were asked; shuffles as often as the seconds allow.

    The loss is in the unit of the score: accuracy lost, or RMSE gained. Empty where no seconds are given.
    """
    import numpy as np

    random, ends = np.random.default_rng(seed), time.monotonic() + seconds
    rows = random.permutation(len(frame))[: max(1, min(ROWS, 10 * AT_ONCE // max(1, frame.shape[1])))]
    asked, true = frame.iloc[rows].reset_index(drop=True), truth[rows]
    if seconds <= 0:
        return [], 0
    whole, once = losses(problem, true, answers(asked)), 0.0
    shuffled: list[np.ndarray] = []
    # A first time whatever it takes: the rows are few enough for that.
    while len(shuffled) < SHUFFLES and (not shuffled or time.monotonic() + once < ends):
        began = time.monotonic()
        shuffled.append(_shuffled(answers, asked, true, problem, random))
        once = time.monotonic() - began
    worse = np.mean(shuffled, axis=0)
    found = [_of_column(str(name), whole, worse[place], problem, random) for place, name in enumerate(frame.columns)]
    return sorted(found, key=lambda one: -one.loss), len(rows)


def _shuffled(
    answers: Callable[[pd.DataFrame], Answers], frame: pd.DataFrame, truth: np.ndarray, problem: Problem,
    random: np.random.Generator,
) -> np.ndarray:  # fmt: skip
    """The losses (columns x rows) with each column shuffled in its turn."""
    import numpy as np
    import pandas as pd

    def one(name: str) -> pd.DataFrame:
        return frame.assign(**{name: frame[name].to_numpy()[random.permutation(len(frame))]})

    names, step = list(frame.columns), max(1, AT_ONCE // len(frame))
    found = []
    for start in range(0, len(names), step):
        part = names[start : start + step]
        together = pd.concat([one(name) for name in part], ignore_index=True)
        found.append(losses(problem, np.tile(truth, len(part)), answers(together)).reshape(len(part), len(frame)))
    return np.concatenate(found)


def _of_column(
    name: str, whole: np.ndarray, worse: np.ndarray, problem: Problem, random: np.random.Generator
) -> Importance:
    import numpy as np

    draws = random.integers(len(whole), size=(REPLICATES, len(whole)))
    loss = _loss(whole.mean(), worse.mean(), problem)
    spread = [_loss(whole[draw].mean(), worse[draw].mean(), problem) for draw in draws]
    return Importance(column=name, loss=loss, interval=interval(np.array(spread)))


def _loss(whole: float, worse: float, problem: Problem) -> float:
    return float(worse**0.5 - whole**0.5) if problem.kind == "regression" else float(worse - whole)
