"""What is taken away at Skolverket: the guard before it, the decision about it, and its undoing."""
