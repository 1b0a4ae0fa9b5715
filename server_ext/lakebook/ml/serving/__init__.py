"""Answers of registered models: rows in, predictions out, by the process that holds the models."""
