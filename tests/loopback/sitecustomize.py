"""Python imports this at start where this folder is on PYTHONPATH: every process of a test run is watched."""

import loopback_only

loopback_only.install()
