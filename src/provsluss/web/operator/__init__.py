"""Drift: what the operator of the installation sees."""
