"""People who do not exist, with names, numbers and EPPN as a real register has them."""

import uuid
from dataclasses import dataclass
from random import Random

from provsluss.register.example.civic_numbers import CivicNumbers
from provsluss.register.example.names import OTHERS, SAMI, SWEDISH, Roots
from provsluss.ss12000.eppn import resembles_name

PUPIL_DOMAIN = "elev.exempel.se"
STAFF_DOMAIN = "personal.exempel.se"

_ROOTS = (SWEDISH, *OTHERS)
_SHARES = [roots.share for roots in _ROOTS]
_EDUID_CONSONANTS = "bdfghjklmnprstvz"
_EDUID_VOWELS = "aiou"


@dataclass(frozen=True, slots=True)
class InventedPerson:
    """Somebody, before the school has a place for them."""

    id: str
    eppn: str
    civic_number: str
    given_name: str
    middle_name: str
    family_name: str
    reads_swedish_as_second_language: bool


class Population:
    """Makes people. Same seed and same order give the same people."""

    def __init__(self, seed: int, taken_civic_numbers: frozenset[str]) -> None:
        self._random = Random(f"{seed}/people")  # noqa: S311 - an example, no secret
        self._civic_numbers = CivicNumbers(seed, taken_civic_numbers)
        self._pupils = 0

    def pupil(self, birth_year: int, sami: bool = False) -> InventedPerson:
        """A pupil born in `birth_year`. One in some hundred has a samordningsnummer or a TF-nummer."""
        self._pupils += 1
        if self._pupils % 140 == 70:
            new_number = self._civic_numbers.tf_nummer
        elif self._pupils % 200 == 110:
            new_number = self._civic_numbers.samordningsnummer
        else:
            new_number = self._civic_numbers.personnummer
        woman = self._random.random() < 0.49
        return self._person(new_number(birth_year, woman), woman, PUPIL_DOMAIN, SAMI if sami else None)

    def staff(self, sami: bool = False) -> InventedPerson:
        """A member of staff, 25 to 66 years old."""
        woman = self._random.random() < 0.72
        number = self._civic_numbers.personnummer(self._random.randint(1960, 2001), woman)
        return self._person(number, woman, STAFF_DOMAIN, SAMI if sami and self._random.random() < 0.5 else None)

    def adult_birth_year(self) -> int:
        """When somebody in adult education was born."""
        return self._random.randint(1978, 2006)

    def eduid(self) -> str:
        """An eduID EPPN: two words that can be said aloud (rules.md P21)."""
        return f"{self._eduid_word()}-{self._eduid_word()}@eduid.se"

    def _person(self, civic_number: str, woman: bool, domain: str, roots: Roots | None) -> InventedPerson:
        rnd = self._random
        roots = roots or rnd.choices(_ROOTS, _SHARES)[0]
        given_names = roots.girls if woman else roots.boys
        given, family = rnd.choice(given_names), rnd.choice(roots.families)
        middle = rnd.choice(roots.families) if rnd.random() < 0.12 else ""
        return InventedPerson(
            id=str(self._uuid()),
            eppn=self._eppn(domain, given, family),
            civic_number=civic_number,
            given_name=given,
            middle_name="" if middle == family else middle,
            family_name=family,
            reads_swedish_as_second_language=rnd.random() < roots.swedish_is_second_language,
        )

    def _eppn(self, domain: str, given: str, family: str) -> str:
        """UUID@domain. A UUID has letters too, so now and then one happens to resemble the name (Warning 3047)."""
        while True:
            eppn = f"{self._uuid()}@{domain}"
            if not resembles_name(eppn, given, family):
                return eppn

    def _uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self._random.getrandbits(128), version=4)

    def _eduid_word(self) -> str:
        kinds = (_EDUID_CONSONANTS, _EDUID_VOWELS, _EDUID_CONSONANTS, _EDUID_VOWELS, _EDUID_CONSONANTS)
        return "".join(self._random.choice(letters) for letters in kinds)
