"""Trainings that run past a hard limit of 3 s: from the limit to the end of the whole process group."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.unit.ml.stopped_trainings import LIMIT, stopped

ROUNDS = 20
ALLOWED = 1.0

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        late = stopped(Path(name), ROUNDS)
    within = sum(seconds <= ALLOWED for seconds in late)
    print(f"\nTrainings past a limit of {LIMIT:g} s ({os.cpu_count()} cores)")
    print(f"  ended {median(late):.2f} s after it, at most {max(late):.2f}")
    print(f"  {within} of {ROUNDS} within {ALLOWED:g} s")
