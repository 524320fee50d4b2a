"""What a person can press: send, send again, send one person, ask for a plan."""
