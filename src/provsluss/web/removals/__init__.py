"""What is removed at Skolverket: review, undo, kept objects and limits."""
