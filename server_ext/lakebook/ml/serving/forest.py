"""scikit-learn's forests as LightGBM's trees, which are walked in C and need no Python object for each tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

LEAF = -1


def as_booster(trees: Sequence[Any], features: int, classes: int) -> Any:
    """A LightGBM booster whose answer is the mean of scikit-learn's trees.

    `classes` is 0 for amounts, 2 for the probability of the second class, more for those of all classes.
    """
    import lightgbm

    each = 1 if classes <= 2 else classes
    header = [
        "tree", "version=v4", f"num_class={each}", f"num_tree_per_iteration={each}", "label_index=0",
        f"max_feature_idx={features - 1}", "average_output",
        "feature_names=" + " ".join(f"f{number}" for number in range(features)),
        "feature_infos=" + " ".join("[-1e308:1e308]" for _ in range(features)), "",
    ]  # fmt: skip
    told = [*header, *_trees(trees, classes), "end of trees", ""]
    return lightgbm.Booster(model_str="\n".join(told))


def _trees(trees: Sequence[Any], classes: int) -> Iterator[str]:
    number = 0
    for grown in trees:
        for column in [1] if classes == 2 else range(max(classes, 1)):
            yield _told(number, grown.tree_, _values(grown.tree_, column, classes))
            number += 1


def _values(tree: Any, column: int, classes: int) -> np.ndarray:
    values: np.ndarray = tree.value[:, 0, :]
    wanted: np.ndarray = values[:, column] / values.sum(axis=1) if classes else values[:, 0]
    return wanted


def _told(number: int, tree: Any, values: np.ndarray) -> str:
    """One tree in LightGBM's words: inner nodes and leaves are numbered apart, a leaf as the complement."""
    import numpy as np

    is_leaf = tree.children_left == LEAF
    inner, leaves = np.flatnonzero(~is_leaf), np.flatnonzero(is_leaf)
    names = np.empty(len(is_leaf), dtype=np.int64)
    names[inner], names[leaves] = np.arange(len(inner)), ~np.arange(len(leaves))
    counts = tree.n_node_samples
    facts: dict[str, Any] = {"num_leaves": [len(leaves)], "num_cat": [0]}
    if len(inner):
        facts |= {
            "split_feature": tree.feature[inner], "split_gain": np.zeros(len(inner), dtype=np.int64),
            "threshold": tree.threshold[inner], "decision_type": np.zeros(len(inner), dtype=np.int64),
            "left_child": names[tree.children_left[inner]], "right_child": names[tree.children_right[inner]],
        }  # fmt: skip
    facts |= {"leaf_value": values[leaves], "leaf_weight": counts[leaves], "leaf_count": counts[leaves]}
    if len(inner):
        facts |= {
            "internal_value": values[inner],
            "internal_weight": counts[inner],
            "internal_count": counts[inner],
        }
    facts |= {"is_linear": [0], "shrinkage": [1]}
    lines = [f"{name}={' '.join(map(repr, np.asarray(numbers).tolist()))}" for name, numbers in facts.items()]
    return "\n".join([f"Tree={number}", *lines, "", ""])
