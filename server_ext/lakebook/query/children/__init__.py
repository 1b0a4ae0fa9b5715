"""Where guarded statements run: sealed child processes, or an engine elsewhere behind the same face."""
