"""Notebooks run with parameters, at once or by the clock."""
