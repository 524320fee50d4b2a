"""Reads any Excel workbook (.xlsx) in a process of its own, with bounds on memory and time.

`process` starts it and waits; `child` is what it does; `handed_over` is what comes out. Knows nothing of what the cells
mean.
"""
