"""The shell's door: the `lakebook` command."""
