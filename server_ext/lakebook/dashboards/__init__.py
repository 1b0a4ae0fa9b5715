"""Notebooks become pages."""
