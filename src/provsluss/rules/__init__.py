"""Pre-flight rules, and the explanations of Skolverket's codes."""
