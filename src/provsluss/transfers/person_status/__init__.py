"""One person: what is sent of it alone, and why nothing has been."""
