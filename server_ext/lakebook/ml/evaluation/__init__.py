"""What a model is worth on rows never seen: where it errs, how sure it may be, what it goes by, for whom it fails."""
