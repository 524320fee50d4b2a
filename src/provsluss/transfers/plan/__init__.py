"""Förhandsgranska: what a press of the button would do, kept and held against what it did."""
