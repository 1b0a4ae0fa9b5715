"""Notebooks as files and as work: read, checked, and executed in a kernel of their own."""
