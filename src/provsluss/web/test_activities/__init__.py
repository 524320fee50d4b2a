"""Provaktiviteter: the list, one of them, its form, and sending it."""
