"""From source records to the register: compare with what stands there, count, list, store, end."""
