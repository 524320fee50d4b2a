"""Översikt: the page that one comes to first."""
