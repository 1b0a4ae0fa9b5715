"""Stands in for the package of this name, as if it were not installed: its import compiles a grammar for seconds."""

raise ImportError("left out of the soak's servers")
