"""Kontroll: what stands in the way of the test activities, before anything is sent."""
