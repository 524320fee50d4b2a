"""The way to Skolverket: address, certificate, token, the shared limit, and what is wrong with them."""
