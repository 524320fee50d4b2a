"""The outbox: what pages and commands order is a row here; the worker alone hands it to the engine."""
