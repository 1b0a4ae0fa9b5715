"""Questions in plain English with statements whose results are right, asked of real and of made tables."""
