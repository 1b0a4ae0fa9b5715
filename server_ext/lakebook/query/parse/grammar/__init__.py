"""The grammar: which steps the words at a place allow, by subject."""
