"""A stand-in for a school's register, which speaks SS 12000:2020, with every kind of dirt and fault as a switch."""
