"""Answers by a language model: what it is told, what is mended in its SQL, and what makes its answer doubtful."""
