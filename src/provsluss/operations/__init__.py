"""What keeps an installation going: workers, the queue's pause, housekeeping, the database's roles and move."""
