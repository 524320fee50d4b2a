"""Skolverket's workbook for file transfer (Excelmall för filinläsning), layout 1.5.2."""
