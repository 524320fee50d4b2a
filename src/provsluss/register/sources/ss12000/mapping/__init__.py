"""From what a register has to what the register says (source_records.py): the dirt of the field is met here, by kind.

What is used, refused or left out is counted with its reason: read = used + refused + left out.
"""
