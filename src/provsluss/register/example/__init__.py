"""Example schools: a workbook in Skolverket's layout, full of people who do not exist."""

from provsluss.register.example.generator import ExampleNotPossible, Written, write_example

__all__ = ["ExampleNotPossible", "Written", "write_example"]
