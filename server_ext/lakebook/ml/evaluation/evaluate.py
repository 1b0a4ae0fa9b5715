"""A model looked at from every side, on the rows it never saw."""

from __future__ import annotations

from lakebook.ml.evaluation.calibration import calibration
from lakebook.ml.evaluation.errors import confusion, residuals
from lakebook.ml.evaluation.importance import importance
from lakebook.ml.evaluation.records import Evaluation
from lakebook.ml.evaluation.segments import worst_segments
from lakebook.ml.fitted import FittedModel
from lakebook.ml.problem import Problem
from lakebook.ml.scoring import Answers
from lakebook.ml.training_table import Rows


def evaluate(
    fitted: FittedModel, unseen: Rows, answers: Answers, problem: Problem, *, seconds: float, seed: int
) -> Evaluation:
    """Errors, calibration, importance (within about these seconds) and the worst segments of a model's answers."""
    amounts = problem.kind == "regression"
    columns, rows = importance(fitted.answers, unseen.features, unseen.target, problem, seconds=seconds, seed=seed)
    return Evaluation(
        confusion=None if amounts else confusion(problem.classes, unseen.target, answers.predicted),
        residuals=residuals(unseen.target, answers.predicted) if amounts else [],
        calibration=[] if answers.probabilities is None else calibration(unseen.target, answers.probabilities),
        importance=columns,
        importance_rows=rows,
        segments=worst_segments(unseen.features, unseen.target, answers, problem),
    )
