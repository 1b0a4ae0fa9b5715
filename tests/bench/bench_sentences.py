"""A thousand generated answers: how many sentences there are, and how many numbers in them are in no cell."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
from hypothesis import HealthCheck, Phase, given, settings

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from lakebook.query.reading import Reading
from tests.properties.grounding import traced
from tests.properties.small_shop import Shop, shops
from tests.properties.test_ask_sentences import NUMBER, answer, readings, strangers

ANSWERS = 1000

if __name__ == "__main__":
    connection = duckdb.connect()
    counts = {"answers": 0, "sentences": 0, "numbers": 0, "strangers": 0, "untraced": 0}

    @settings(max_examples=ANSWERS, phases=[Phase.generate], deadline=None, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(shop=shops, reading=readings())
    def count(shop: Shop, reading: Reading) -> None:
        """Count what is said of one answer."""
        said, table = answer(shop, reading, connection)
        counts["answers"] += 1
        counts["sentences"] += bool(said.text)
        counts["numbers"] += len(NUMBER.findall(said.text))
        counts["strangers"] += len(strangers(said, table))
        counts["untraced"] += not traced(said, table)

    count()
    print(f"\nSentences of {ANSWERS:,} generated answers")
    for name, number in counts.items():
        print(f"  {name:<12} {number:>6,}")
    sys.exit(bool(counts["strangers"] or counts["untraced"]))
