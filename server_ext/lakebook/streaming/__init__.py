"""Topics and who listens to them."""
