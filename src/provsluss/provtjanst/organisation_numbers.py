"""Organisation numbers in the forms in which certificates, tokens and federations write them.

SE2120009945 (tokens, Moa) and SE2120009945-A1B2 (SITHS), EFOS162120009945-01, 162120009945 (Expisoft), NTRSE-2120009945
and VATSE212000994501 (ETSI EN 319 412-1), 212000-9945 (as people write it), and None2120009945 (what the authorisation
server's software makes of a certificate without country).
"""

import re
import unicodedata

_NUMBER = re.compile(
    r"(?<![0-9a-z])"
    r"(?:none|null|orgnr|org|efos|(?:ntr|vat)?se)?[-:.]?\s?"
    r"(?:16)?(\d{6})[-\u2010-\u2015\u2212]?\s?(\d{4})(?:01)?"
    r"(?![0-9a-z])",
    re.IGNORECASE | re.ASCII,
)


def numbers_in(text: str) -> tuple[str, ...]:
    """The organisation numbers (ten digits) in `text`, each once. Whether they exist is not looked at."""
    # Full-width digits and non-breaking spaces become the ordinary ones.
    plain = unicodedata.normalize("NFKC", text)
    return tuple(dict.fromkeys(found.group(1) + found.group(2) for found in _NUMBER.finditer(plain)))
