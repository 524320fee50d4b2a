"""The check digit of personnummer and organisation numbers (Luhn, modulus 10)."""


def luhn_is_right(digits: str) -> bool:
    """Whether the last digit of `digits` (only 0–9) is the right check digit of those before it."""
    return sum(_weighted(int(digit), place) for place, digit in enumerate(reversed(digits))) % 10 == 0


def luhn_digit(digits: str) -> str:
    """The check digit that belongs after `digits`."""
    return next(d for d in "0123456789" if luhn_is_right(digits + d))


def _weighted(digit: int, place: int) -> int:
    if place % 2 == 0:
        return digit
    return digit * 2 - 9 if digit > 4 else digit * 2
