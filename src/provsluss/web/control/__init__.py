"""Kontroll."""
