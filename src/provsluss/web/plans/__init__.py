"""Förhandsgranska."""
