"""How the simulator behaves, seen over HTTP."""
