"""What the test activities want: selection and the payloads made of it."""
