"""Skolverket's open data, kept locally: school units, programmes and national tests."""
