"""The demo: seeded data of an invented shop, with real dirt, and the notebooks that use it."""
