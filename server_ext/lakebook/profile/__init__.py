"""From column statistics to a report; pure."""
