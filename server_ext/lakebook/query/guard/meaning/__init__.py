"""What DuckDB's SQL means, said in the SQL of another engine: constructs that differ are rewritten or refused."""
