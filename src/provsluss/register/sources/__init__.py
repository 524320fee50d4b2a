"""The readers of the register: one module or package a source."""
