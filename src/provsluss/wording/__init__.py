"""Swedish sentences that pages and commands share."""
