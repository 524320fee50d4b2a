"""What Skolverket has: accepted, perhaps there, read back, to be restored."""
