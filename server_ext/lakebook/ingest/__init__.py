"""Files and frames become tables."""
