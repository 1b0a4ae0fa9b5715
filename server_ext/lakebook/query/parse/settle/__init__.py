"""From a finished draft to readings: which column each word means, and what shape the query has."""
