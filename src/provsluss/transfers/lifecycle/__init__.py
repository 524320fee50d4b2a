"""Changes of state of transfers and sync jobs, and their outcomes."""
