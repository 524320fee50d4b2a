"""Huvudmän, their environments and certificates, and who may see what."""
