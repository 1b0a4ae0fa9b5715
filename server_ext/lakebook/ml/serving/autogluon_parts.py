"""AutoGluon's single models as parts: each with the columns that it reads, in its own order and code."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lakebook.ml.serving.forest import as_booster
from lakebook.ml.serving.parts import Booster, CatTrees, Forest, GradientTrees, Layout, Linear, Part
from lakebook.ml.serving.unprepared import Unprepared

if TYPE_CHECKING:
    from lakebook.ml.serving.from_autogluon import Taken


def part(model: Any, taken: Taken) -> Part:
    """The model as a part; Unprepared where it is of another kind."""
    make = _MAKERS.get(type(model).__name__)
    if make is None:
        raise Unprepared(f"{model.name} is of a kind that has no quick form")
    if getattr(model, "_model_specific_feature_generators", None) not in (None, "NOTSET"):
        raise Unprepared(f"{model.name} makes features of its own")
    return make(model, taken)


def _booster(model: Any, taken: Taken) -> Part:
    names = _names(model, taken)
    return Booster(model.model, [taken.place(name) for name in names])


def _names(model: Any, taken: Taken) -> list[str]:
    """AutoGluon's features in the order in which the model reads them."""
    frame = model._preprocess_nonadaptive(taken.shown)
    frame = model._preprocess_align_features(frame)
    renamed = getattr(model, "_features_internal_map", None) or {}
    original = {inner: name for name, inner in renamed.items()}
    return [original.get(name, name) for name in frame.columns]


def _gradient_trees(model: Any, taken: Taken) -> Part:
    if not model._ohe:
        raise Unprepared(f"{model.name} reads categories as they are")
    encoder, names = model._ohe_generator, _names(model, taken)
    made = model.preprocess(taken.shown).toarray()
    tables, at = [], 0
    for name in encoder.cat_cols:
        width = len(encoder.labels[name])
        tables.append((taken.place(name), at, taken.by_code(name, made[:, at : at + width])))
        at += width
    numbers = [(taken.place(name), at + offset) for offset, name in enumerate(encoder.other_cols)]
    if set(names) != {*encoder.cat_cols, *encoder.other_cols} or at + len(numbers) != made.shape[1]:
        raise Unprepared(f"{model.name} reads columns of its own")
    booster = model.model.get_booster()
    booster.set_param({"nthread": 1})
    rounds = model.model._get_iteration_range(None)
    return GradientTrees(booster, Layout(numbers, tables, made.shape[1]), rounds)


def _cat_trees(model: Any, taken: Taken) -> Part:
    made = model.preprocess(taken.shown)
    tables = {
        name: (taken.place(name), taken.by_code(name, made[name].astype(float).to_numpy()).astype("int64"))
        for name in made.columns
        if str(made[name].dtype) == "category"
    }
    numbers = {name: taken.place(name) for name in made.columns if name not in tables}
    return CatTrees(model.model, list(made.columns), numbers, tables, taken.kind)


def _forest(model: Any, taken: Taken) -> Part:
    made, names = model.preprocess(taken.shown), _names(model, taken)
    numbers, tables = [], []
    for target, name in enumerate(names):
        if taken.is_word(name):
            tables.append((taken.place(name), target, taken.by_code(name, made[:, target : target + 1])))
        else:
            numbers.append((taken.place(name), target))
    classes = 0 if taken.kind == "regression" else int(model.model.n_classes_)
    booster = as_booster(model.model.estimators_, len(names), classes)
    return Forest(booster, Layout(numbers, tables, len(names)))


def _linear(model: Any, taken: Taken) -> Part:
    frame = model._preprocess_align_features(model._preprocess_nonadaptive(taken.shown))
    blocks: list[tuple[Any, list[int]]] = []
    for name, step, columns in model._pipeline.transformers_:
        if step == "drop":
            continue
        if name == "cats":
            blocks += _word_blocks(step, frame, list(columns), taken)
        else:
            blocks.append((_nameless(step), [taken.place(column) for column in columns]))
    return Linear(model.model, blocks, taken.kind)


def _word_blocks(step: Any, frame: Any, columns: list[str], taken: Taken) -> list[tuple[Any, list[int]]]:
    """For each column of words, what the encoder of them all makes of each code."""
    import numpy as np

    made = step.transform(frame[columns])
    made = made.toarray() if hasattr(made, "toarray") else np.asarray(made)
    blocks, at = [], 0
    for name, width in zip(columns, _widths(step), strict=True):
        blocks.append((taken.by_code(name, made[:, at : at + width]), [taken.place(name)]))
        at += width
    if at != made.shape[1]:
        raise Unprepared("its words are encoded together")
    return blocks


def _widths(step: Any) -> list[int]:
    """How many columns each column of words becomes."""
    return [len(categories) for categories in step.steps[-1][1].encoder_._ohe.categories_]


def _nameless(step: Any) -> Any:
    """A copy of a fitted pipeline that takes plain matrices."""
    import copy

    made = copy.deepcopy(step)
    for _, each in made.steps:
        if hasattr(each, "feature_names_in_"):
            del each.feature_names_in_
    return made


_MAKERS: dict[str, Callable[[Any, Any], Part]] = {
    "LGBModel": _booster,
    "XGBoostModel": _gradient_trees,
    "CatBoostModel": _cat_trees,
    "RFModel": _forest,
    "XTModel": _forest,
    "LinearModel": _linear,
}
