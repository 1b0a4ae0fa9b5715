"""SQL from a reading: a statement in DuckDB's dialect, built as a tree."""

from lakebook.query.write.statement import write

__all__ = ["write"]
