"""Train, register, predict: a target column becomes a sealed, registered, servable model."""
