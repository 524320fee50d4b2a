"""Provsluss: from a school organiser's register to Skolverket's test platform, and the proof that it arrived."""

__version__ = "0.1.0"
