"""Logs, request ids, the doctor."""
