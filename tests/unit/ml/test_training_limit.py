"""A real training past its hard limit: its whole process group is killed, and nothing of it is registered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.ml.stopped_trainings import stopped


@pytest.mark.timeout(240)
def test_a_training_past_three_seconds_is_killed_and_says_why(tmp_path: Path) -> None:
    (seconds,) = stopped(tmp_path, 1)
    # How soon, on a quiet machine, is measured by the bench; here other tests share the cores.
    assert 0 <= seconds < 20
