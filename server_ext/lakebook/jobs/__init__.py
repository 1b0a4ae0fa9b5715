"""The durable queue, its workers, progress and cancel."""
