"""Engines that run guarded statements."""
