"""A stand-in for Skolverket's provtjänst, for demo, training and tests. Imports nothing else of provsluss."""
