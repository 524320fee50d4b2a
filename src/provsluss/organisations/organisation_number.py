"""Swedish organisation numbers."""

from provsluss.ss12000.luhn import luhn_is_right


def read_organisation_number(text: str) -> str:
    """`text` as ten digits; takes a hyphen, spaces and a leading 16 or SE.

    Raises ValueError with a Swedish sentence.
    """
    digits = text.strip().upper().removeprefix("SE").replace("-", "").replace(" ", "")
    if len(digits) == 12 and digits.startswith("16"):
        digits = digits[2:]
    if len(digits) != 10 or not digits.isascii() or not digits.isdigit():
        raise ValueError("Ett organisationsnummer har tio siffror, till exempel 212000-9945.")
    if not luhn_is_right(digits):
        raise ValueError("Kontrollsiffran i organisationsnumret stämmer inte. Kontrollera att det är rätt skrivet.")
    return digits
