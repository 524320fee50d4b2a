"""Historik: all transfers, one sync job, one object, one call."""
