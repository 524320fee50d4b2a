"""What Provsluss stands on where it is installed: its settings, its data directory, and what can be wrong with them."""
