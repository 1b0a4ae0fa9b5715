"""Questions and statements over the lake: understand, write, guard, run, explain."""
