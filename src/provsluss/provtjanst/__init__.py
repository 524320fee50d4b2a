"""Skolverket as a client sees it: token, open data, bulk calls, job answers, limits and packing."""
