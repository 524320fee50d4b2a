"""Inställningar."""
