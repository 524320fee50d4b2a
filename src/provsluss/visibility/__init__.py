"""Åtkomst: who sees which pupils' results, as the register wants it and as Skolverket has it."""
