"""Datasets, profiles and lineage in the metadata database."""
