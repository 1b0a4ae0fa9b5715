"""Who is calling, what is allowed, what is kept of it."""
