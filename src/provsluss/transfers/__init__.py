"""Test activities, selection, plan, pipeline and results."""
