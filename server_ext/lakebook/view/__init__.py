"""Looking at rows: of tables, and of files that nobody has loaded."""
