"""Measurements, run by `make bench`. Each prints its figures; none of them is a test."""
