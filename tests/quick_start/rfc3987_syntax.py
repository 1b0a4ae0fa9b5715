"""Stands in for the package of this name, as if it were not installed: its import compiles a grammar for seconds.

jsonschema imports it wherever it finds it, so that every server and every process that reads a notebook waits for it,
and nothing of lakebook's checks an international address by it.
"""

raise ImportError("left out of the tests' processes")
