"""Register, Personer: the list, the search and one person's card."""
