"""What becomes of a model after its training: promotion, comparison, routing, outcomes, drift."""
