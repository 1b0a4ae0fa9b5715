"""Tables of the lake: layers, Delta commits, files."""
