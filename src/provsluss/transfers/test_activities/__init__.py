"""Test activities: made by the workbook or by hand, changed, paused, archived, and their groups."""
