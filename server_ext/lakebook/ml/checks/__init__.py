"""What is looked at before a training: the target, leaks, columns and rows, each finding with its reason."""
