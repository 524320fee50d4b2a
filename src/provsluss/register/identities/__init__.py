"""Whose rows they are: a person is not the row's id. Told before a file is gone through, from all its rows at once."""
