"""What the school says: persons, enrolments, duties and groups, and the imports that brought them."""
