"""Åtkomst."""
