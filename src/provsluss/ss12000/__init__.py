"""The vocabulary: records of the SS 12000 subset, code lists, ids, civic numbers, EPPN. Knows nothing of ours."""
