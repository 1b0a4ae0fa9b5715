"""Words to a reading: a deterministic parser that declines whatever it does not fully understand."""
