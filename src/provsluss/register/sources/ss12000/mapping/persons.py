"""A human of the register as a pupil or as staff: names, number, EPPN, address and marking, each with its dirt."""

import uuid
from dataclasses import dataclass

from provsluss.register.source_records import SourcePerson
from provsluss.register.sources.ss12000.mapping.remarks import Remarks
from provsluss.register.sources.ss12000.settings import Choices
from provsluss.register.sources.ss12000.shapes import Person
from provsluss.ss12000.addresses import LONGEST_ADDRESS, bare_address, is_email
from provsluss.ss12000.civic_number import CivicNumberError, read_civic_number
from provsluss.ss12000.code_lists import EDUID_CONTEXT
from provsluss.ss12000.damaged_text import has_lost_letters, repaired
from provsluss.ss12000.eppn import is_eppn
from provsluss.ss12000.ids import as_uuid, stable_id
from provsluss.ss12000.person_names import is_no_name

PUPIL, STAFF = "pupil", "staff"
GONE = {"utvandrad": "Har flyttat från Sverige (Utvandrad)", "avliden": "Är avliden"}
"""personStatus of those who are not read in."""
_MARKINGS = {
    "ingen": "Ingen",
    "sekretessmarkering": "Sekretessmarkering",
    "skyddad folkbokföring": "Skyddad folkbokföring",
}
_PRIVATE = "privat"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Persons:
    """Makes persons of one organisation. `were_both` are those who have been pupil and staff at once, now or before."""

    organisation_id: uuid.UUID
    choices: Choices
    were_both: frozenset[str]

    def id_of(self, source_id: str, role: str) -> uuid.UUID:
        """The register's id is kept. Who is both is two persons (rules.md P4): as staff with an id that is derived."""
        own = as_uuid(source_id) or stable_id(self.organisation_id, "person", source_id)
        if role == STAFF and source_id in self.were_both:
            return stable_id(self.organisation_id, "person", source_id, STAFF)
        return own

    def read(self, one: Person, role: str, remarks: Remarks) -> SourcePerson:
        """The person in that role; what cannot be read is noted, and what must be there refuses the row."""
        return SourcePerson(
            id=self.id_of(one.id, role),
            source_id=one.id[:_LONGEST],
            role=role,
            civic_number=_civic_number(one, remarks),
            eppn=_eppn(one, remarks, is_second=role == STAFF and one.id in self.were_both),
            given_name=_name(one.givenName, "förnamn", remarks, mandatory=True),
            middle_name=_name(one.middleName, "mellannamn", remarks),
            family_name=_name(one.familyName, "efternamn", remarks, mandatory=True),
            email=_email(one, role, self.choices, remarks),
            security_marking=self._marking(one, remarks),
            eduid_eppn=_eduid(one),
        )

    def _marking(self, one: Person, remarks: Remarks) -> str:
        marking = _MARKINGS.get(one.securityMarking.casefold())
        if marking:
            return marking
        if one.securityMarking:
            text = "Sekretessmarkeringen har ett okänt värde."
            remarks.note("sekretessmarkering", text, "Personen läses in som skyddad för säkerhets skull.", True)
            return "Sekretessmarkering"
        if not self.choices.unmarked_is_open:
            # Not told is not the same as not protected: what the register has stays, and nobody new is made of it.
            remarks.kept.add("security_marking")
            return "Sekretessmarkering"
        return "Ingen"


def is_marked(one: Person) -> bool:
    """Whether the register says that the person is protected, or may say so."""
    return one.securityMarking.casefold() not in ("", "ingen")


def civic_number_of(one: Person) -> str:
    """The number in Skolverket's form; empty where there is none that can be read."""
    return _civic_number(one, None)


def eppn_of(one: Person) -> str:
    """The EPPN that is used."""
    return _eppn(one, None)


def _civic_number(one: Person, remarks: Remarks | None) -> str:
    text = one.civicNo.value if one.civicNo else ""
    if not text:
        if remarks:
            remarks.note("personnummer", "Personnummer saknas i källan.", _NOT_SENT)
        return ""
    try:
        number = read_civic_number(text)
    except CivicNumberError as problem:
        if remarks:
            remarks.note("personnummer", f"Personnumret {problem}.", "Personen läses in utan personnummer.")
        return ""
    if remarks:
        if not number.check_digit_right:
            text = "Personnumrets kontrollsiffra stämmer inte. Kontrollera numret i registret."
            remarks.note("personnummer", text)  # what follows is told by the control (rules.md P15)
        born = number.value[:6]
        if number.kind == "personnummer" and one.birthDate and born != one.birthDate.replace("-", "")[:6]:
            remarks.note(
                "födelsedatum", "Födelsedatumet är ett annat än det i personnumret. Rätta det som är fel i registret."
            )
    return number.value


_NOT_SENT = "Personen läses in, men skickas inte förrän numret finns."


def _eppn(one: Person, remarks: Remarks | None, is_second: bool = False) -> str:
    """The first that has the form of one; a register tells of no role for them (its sources, section 5).

    Who is pupil and staff is two persons, who cannot share one (rules.md P9): the pupil has the first.
    """
    told = [bare_address(text) for text in one.eduPersonPrincipalNames if text]
    usable = [text for text in told if is_eppn(text) and len(text) <= LONGEST_ADDRESS]
    usable = list(dict.fromkeys(usable))
    if is_second:
        if remarks and len(usable) < 2:
            text = "Personen är både elev och personal, och källan har bara ett federationsanvändarnamn."
            remarks.note("EPPN", text, "Det används för eleven. Lägg till personalens som komplettering.")
        return usable[1] if len(usable) > 1 else ""
    if remarks:
        if told and not usable:
            remarks.note("EPPN", "Federationsanvändarnamnet har inte formen namn@domän.", "Det läses inte in.")
        elif len(usable) > 1:
            remarks.note("EPPN", f"Källan har {len(usable)} federationsanvändarnamn.", "Det första används.")
    return usable[0] if usable else ""


def _eduid(one: Person) -> str:
    for identifier in one.externalIdentifiers:
        if identifier.context.rstrip("/") == EDUID_CONTEXT and is_eppn(identifier.value):
            return identifier.value[:LONGEST_ADDRESS]
    return ""


def _email(one: Person, role: str, choices: Choices, remarks: Remarks) -> str:
    """The school's address; of staff any that is not private, and a private one where the huvudman has chosen so."""
    by_kind = [(email.type.casefold(), bare_address(email.value)) for email in one.emails if email.value]
    usable = [(kind, address) for kind, address in by_kind if is_email(address)]
    if by_kind and not usable:
        remarks.note("e-post", "E-postadressen är inte en e-postadress.", "Den läses inte in.")
    wanted = ["skola elev"] if role == PUPIL else ["skola personal"]
    for kind, address in usable:
        if kind in wanted:
            return address
    for kind, address in usable:
        if kind != _PRIVATE and not kind.startswith("skola"):
            return address
    if role == STAFF and usable:
        if choices.private_staff_email:
            return usable[0][1]
        text = "Källan har bara en privat e-postadress, och sådana läses inte in."
        remarks.note("e-post", text, "Lägg in arbetets adress i registret, eller som en komplettering.")
    return ""


def _name(text: str, called: str, remarks: Remarks, mandatory: bool = False) -> str:
    better = " ".join(repaired(text).split())
    if is_no_name(better):
        if mandatory:
            remarks.refuse(called, f"Personens {called} saknas. Lägg in det i registret.")
        return ""
    if has_lost_letters(better):
        remarks.note(called, f"Personens {called} har tecken som gått förlorade, till exempel å, ä eller ö.")
    return better[:_LONGEST]
