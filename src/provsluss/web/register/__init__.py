"""Register: Inläsningar and Grupper."""
