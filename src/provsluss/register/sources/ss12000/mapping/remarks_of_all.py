"""What is to be told of a register as a whole: what it never says, and what nobody can have meant."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from provsluss.register.sections import Section
from provsluss.register.source_records import RowRead, SourceDuty, SourcePupil
from provsluss.ss12000.code_lists import LEADING_ROLES

_OTHER = "Annan personal"
_FEW = 5


@dataclass(slots=True)
class RemarksOfAll:
    """Sees every row once."""

    _roles: Counter[str] = field(default_factory=Counter)
    _leaders: dict[str, bool] = field(default_factory=lambda: defaultdict(bool))
    _pupil_units: set[str] = field(default_factory=set)
    _without_eppn: Counter[str] = field(default_factory=Counter)
    _unmarked: int = 0

    def take(self, row: RowRead) -> RowRead:
        """Gives the row back."""
        if isinstance(row.record, SourceDuty):
            self._roles[row.record.duty_role] += 1
            self._leaders[row.school_unit_code] |= row.record.duty_role in LEADING_ROLES
            self._without_eppn["staff"] += not row.record.person.eppn
        elif isinstance(row.record, SourcePupil):
            self._pupil_units.add(row.school_unit_code)
            self._without_eppn["pupil"] += not row.record.person.eppn
        self._unmarked += "security_marking" in row.kept
        return row

    def notes(self, units_without_code: int) -> list[tuple[str, str]]:
        """Section and sentence."""
        told: list[tuple[str, str]] = []
        duties = self._roles.total()
        if duties >= _FEW and self._roles[_OTHER] == duties:
            told.append(
                (
                    Section.DUTIES,
                    f"Alla {duties} tjänstgöringar är {_OTHER}, också lärarnas. Hör med den som driver källan om den "
                    "kan säga befattningen, annars ser lärarna kanske inte sina grupper i provtjänsten.",
                )
            )
        if missing := sorted(code for code in self._pupil_units if not self._leaders[code]):
            told.append(
                (
                    Section.DUTIES,
                    f"Källan har ingen rektor eller skoladministratör på skolenheten {', '.join(missing[:_FEW])}"
                    f"{' med flera' if len(missing) > _FEW else ''}. Skolverket kräver en på varje skolenhet.",
                )
            )
        for role, section, who in (("pupil", Section.PUPILS, "elever"), ("staff", Section.DUTIES, "tjänstgöringar")):
            if number := self._without_eppn[role]:
                told.append(
                    (
                        section,
                        f"{number} {who} saknar federationsanvändarnamn (EPPN) i källan. Lägg till dem som "
                        "kompletteringar: utan EPPN skickas de inte.",
                    )
                )
        if self._unmarked:
            told.append(
                (
                    Section.PUPILS,
                    f"Källan säger inget om sekretessmarkering på {self._unmarked} rader. Den som redan finns i "
                    "registret behåller sin markering, och ingen ny läses in, eftersom personen kan vara skyddad. "
                    "Säger källan aldrig något om det kan källans inställning ändras.",
                )
            )
        if units_without_code:
            which = "En skolenhet" if units_without_code == 1 else f"{units_without_code} skolenheter"
            told.append(
                (
                    Section.CLASSES,
                    f"{which} i källan har "
                    "ingen skolenhetskod, och inget av det som hör dit läses in. Lägg in koden i registret.",
                )
            )
        return told


def remarks_of_all() -> RemarksOfAll:
    """Before the first row."""
    return RemarksOfAll()
