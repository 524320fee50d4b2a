"""Each kind of dirt that registers have been seen with: a change to some of the school's objects.

`DIRT` holds them by the name of their switch; the first sentence of each is what a user is told.
"""

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from provsluss.simulator.school_register.school import Entity, School, new_id

T = TypeVar("T")
Dirt = Callable[[School, random.Random], None]
DIRT: dict[str, Dirt] = {}
_SHARE = 10
_DIGITS = 12
"""One of so many has the fault, and at least one."""


def spread(school: School, names: Sequence[str], seed: int) -> None:
    """Spread the kinds of dirt with these names over the school; the same seed gives the same faults."""
    for name in names:
        DIRT[name](school, random.Random(f"{seed} {name}"))  # noqa: S311 - repeatable on purpose, guards nothing


def _dirt(function: Dirt) -> Dirt:
    DIRT[function.__name__.strip("_").replace("_", "-")] = function
    return function


def _some(of: Sequence[T], dice: random.Random) -> list[T]:
    return dice.sample(list(of), min(len(of), max(1, len(of) // _SHARE)))


def _numbered(school: School) -> list[Entity]:
    """The pupils with a whole number, as it stands from the beginning."""
    return [one for one in school.pupils() if len(one.get("civicNo", {}).get("value", "")) == _DIGITS]


# --- Organisations ---------------------------------------------------------------------------------------------------


@_dirt
def unit_without_code(school: School, dice: random.Random) -> None:
    """En skolenhet utan skolenhetskod, med en klass och en elev."""
    own = school.put(
        "organisations",
        {"id": new_id("unit without code"), "displayName": "Kodlösa skolan", "organisationType": "Skolenhet"},
    )
    pupil = dice.choice(school.pupils())
    pupil["enrolments"] = [pupil["enrolments"][0] | {"enroledAt": {"id": own["id"]}}]


@_dirt
def school_with_several_units(school: School, dice: random.Random) -> None:
    """Tjänstgöringar, grupper och elever hör till en skola som har flera skolenheter."""
    units = [one for one in school.objects["organisations"].values() if one["organisationType"] == "Skolenhet"]
    above = next(
        one for one in school.objects["organisations"].values() if one["id"] == units[0]["parentOrganisation"]["id"]
    )
    second = school.put(
        "organisations",
        units[0] | {"id": new_id("second unit"), "displayName": "Lilla enheten", "schoolUnitCode": "90000011"},
    )
    second["schoolUnitCode"] = str(int(units[0]["schoolUnitCode"]) + 74)
    there = units[0]["id"]
    for duty in [one for one in school.objects["duties"].values() if one["dutyAt"]["id"] == there]:
        duty["dutyAt"] = {"id": above["id"]}
    group = next(one for one in school.groups("Undervisning") if one["organisation"]["id"] == there)
    group["organisation"] = {"id": above["id"]}
    pupil = next(one for one in school.pupils() if one["enrolments"][0]["enroledAt"]["id"] == there)
    pupil["enrolments"][0]["enroledAt"] = {"id": above["id"]}


# --- Persons ---------------------------------------------------------------------------------------------------------


@_dirt
def pupil_and_staff(school: School, dice: random.Random) -> None:
    """En elev har också en tjänstgöring, med samma id."""
    pupil = dice.choice(school.pupils())
    duty = dice.choice(list(school.objects["duties"].values()))
    school.put("duties", duty | {"id": new_id("pupil and staff"), "person": {"id": pupil["id"]}, "dutyRole": "Lärare"})


@_dirt
def upper_case_ids(school: School, dice: random.Random) -> None:
    """Var tionde elevs id har stora bokstäver i hänvisningar, och små i listan."""
    upper = {one["id"] for one in _some(school.pupils(), dice)}
    for group in school.objects["groups"].values():
        for member in group.get("groupMemberships", ()):
            if member["person"]["id"] in upper:
                member["person"] = {"id": member["person"]["id"].upper()}


@_dirt
def civic_number_forms(school: School, dice: random.Random) -> None:
    """Personnummer i fyra former."""
    for place, one in enumerate(_numbered(school)):
        value = one["civicNo"]["value"]
        forms = (value, f"{value[:8]}-{value[8:]}", f"{value[2:8]}-{value[8:]}", value[2:])
        one["civicNo"] = {"value": forms[place % len(forms)]}


@_dirt
def civic_number_missing(school: School, dice: random.Random) -> None:
    """Var tionde elev saknar personnummer."""
    for one in _some(_numbered(school), dice):
        del one["civicNo"]


@_dirt
def civic_number_impossible(school: School, dice: random.Random) -> None:
    """Personnummer med dagar som inte finns."""
    for one in _some(_numbered(school), dice):
        one["civicNo"] = {"value": f"{one['civicNo']['value'][:4]}1399{one['civicNo']['value'][8:]}"}


@_dirt
def civic_number_temporary(school: School, dice: random.Random) -> None:
    """TF-nummer."""
    for number, one in enumerate(_some(_numbered(school), dice), start=1):
        one["civicNo"] = {"value": f"{one['civicNo']['value'][:8]}TF{number:02}"}


@_dirt
def birth_date_of_another(school: School, dice: random.Random) -> None:
    """Födelsedatum som säger emot personnumret."""
    for one in _some(school.pupils(), dice):
        one["birthDate"] = "2001-01-01"


@_dirt
def no_eppn(school: School, dice: random.Random) -> None:
    """Eleverna saknar EPPN, som i alla kända register."""
    for one in school.pupils():
        one.pop("eduPersonPrincipalNames", None)


@_dirt
def several_eppn(school: School, dice: random.Random) -> None:
    """Några har flera EPPN."""
    for one in _some(school.pupils(), dice):
        one["eduPersonPrincipalNames"] = [*one.get("eduPersonPrincipalNames", ()), f"{one['id']}@gammal.example"]


@_dirt
def private_email(school: School, dice: random.Random) -> None:
    """Personalens alla adresser är av typen Privat."""
    for one in school.staff():
        one["emails"] = [{"value": each["value"], "type": "Privat"} for each in one.get("emails", ())]


@_dirt
def email_without_type(school: School, dice: random.Random) -> None:
    """Personalens adresser saknar typ."""
    for one in school.staff():
        one["emails"] = [{"value": each["value"]} for each in one.get("emails", ())]


@_dirt
def email_invalid(school: School, dice: random.Random) -> None:
    """Adresser som inte är adresser."""
    for one in _some(school.staff(), dice):
        one["emails"] = [{"value": "saknas", "type": "Skola personal"}]


@_dirt
def no_security_marking(school: School, dice: random.Random) -> None:
    """Ingen har uppgift om sekretessmarkering."""
    for one in school.objects["persons"].values():
        one.pop("securityMarking", None)


@_dirt
def protected(school: School, dice: random.Random) -> None:
    """Några elever har sekretessmarkering."""
    for one in _some(school.pupils(), dice):
        one["securityMarking"] = "Sekretessmarkering"


@_dirt
def unknown_marking(school: School, dice: random.Random) -> None:
    """En sekretessmarkering som ingen känner till."""
    dice.choice(school.pupils())["securityMarking"] = "Kvarskrivning"


@_dirt
def emigrated(school: School, dice: random.Random) -> None:
    """Några elever har flyttat från landet eller är avlidna."""
    for place, one in enumerate(_some(school.pupils(), dice)):
        one["personStatus"] = ("Utvandrad", "Avliden")[place % 2]


@_dirt
def foreign_identifiers(school: School, dice: random.Random) -> None:
    """Andra system har lagt sina egna id:n på personerna, några med eduID."""
    for place, one in enumerate(school.pupils()):
        one["externalIdentifiers"] = [{"value": f"guid-{place}", "context": "studentguid"}]
    for place, one in enumerate(_some(school.pupils(), dice)):
        one["externalIdentifiers"].append({"value": f"hubba-{place}@eduid.se", "context": "https://eduid.se"})


# --- Enrolments ------------------------------------------------------------------------------------------------------


@_dirt
def old_enrolments(school: School, dice: random.Random) -> None:
    """Gamla inskrivningar ligger kvar, några utan slut."""
    for place, one in enumerate(_some(school.pupils(), dice)):
        own = one["enrolments"][0]
        old = own | {"startDate": "2020-08-15", "schoolYear": 1}
        one["enrolments"] = [old if place % 2 else old | {"endDate": "2021-06-10"}, own]


@_dirt
def cancelled(school: School, dice: random.Random) -> None:
    """Inskrivningar som gäller är markerade som avbrutna."""
    for one in _some(school.pupils(), dice):
        one["enrolments"][0]["cancelled"] = True


@_dirt
def ended_enrolments(school: School, dice: random.Random) -> None:
    """Elever vars inskrivning har upphört är kvar i listan."""
    for one in _some(school.pupils(), dice):
        one["enrolments"][0]["endDate"] = "2025-06-10"


@_dirt
def school_types_not_sent(school: School, dice: random.Random) -> None:
    """Elever i förskoleklass, anpassad grundskola och sfi."""
    for place, one in enumerate(_some(school.pupils(), dice)):
        one["enrolments"][0] |= {"schoolType": ("FKLASS", "GRS", "SFI")[place % 3]}
        one["enrolments"][0].pop("schoolYear", None)


@_dirt
def adult_education(school: School, dice: random.Random) -> None:
    """Vuxenutbildning utan att grundläggande och gymnasial går att skilja åt."""
    for one in _some(school.pupils(), dice):
        one["enrolments"][0]["schoolType"] = "VUX"


@_dirt
def no_school_type(school: School, dice: random.Random) -> None:
    """Inskrivningar utan skolform."""
    for one in _some(school.pupils(), dice):
        one["enrolments"][0].pop("schoolType", None)


@_dirt
def no_school_year(school: School, dice: random.Random) -> None:
    """Inskrivningar utan årskurs."""
    for one in _some(school.pupils(), dice):
        one["enrolments"][0].pop("schoolYear", None)


@_dirt
def no_programme(school: School, dice: random.Random) -> None:
    """Gymnasieelever utan studieväg."""
    for one in school.pupils():
        one["enrolments"][0].pop("programme", None)


@_dirt
def unknown_unit(school: School, dice: random.Random) -> None:
    """Inskrivningar som hänvisar till en skolenhet som inte finns."""
    for one in _some(school.pupils(), dice):
        one["enrolments"][0]["enroledAt"] = {"id": new_id("nowhere")}


# --- Duties ----------------------------------------------------------------------------------------------------------


@_dirt
def duty_without_person(school: School, dice: random.Random) -> None:
    """Tjänstgöringar utan person."""
    for one in _some(list(school.objects["duties"].values()), dice):
        one.pop("person", None)


@_dirt
def dangling_duties(school: School, dice: random.Random) -> None:
    """Tjänstgöringar som hänvisar till en skolenhet eller person som inte finns."""
    for place, one in enumerate(_some([o for o in school.objects["duties"].values() if o.get("person")], dice)):
        if place % 2:
            one["person"] = {"id": new_id("nobody", place)}
        else:
            one["dutyAt"] = {"id": new_id("nowhere")}


@_dirt
def other_roles(school: School, dice: random.Random) -> None:
    """Befattningar som Skolverket inte tar emot."""
    for place, one in enumerate(_some(list(school.objects["duties"].values()), dice)):
        one["dutyRole"] = ("Förskolechef", "Övrig pedagogisk personal")[place % 2]


@_dirt
def all_other_staff(school: School, dice: random.Random) -> None:
    """Alla är Annan personal, och befattningen står bara i beskrivningen."""
    for one in school.objects["duties"].values():
        one["description"], one["dutyRole"] = one["dutyRole"], "Annan personal"


@_dirt
def no_head(school: School, dice: random.Random) -> None:
    """Skolan har varken rektor eller skoladministratör."""
    for one in school.objects["duties"].values():
        if one["dutyRole"] in ("Rektor", "Skoladministratör"):
            one["dutyRole"] = "Lärare"


# --- Groups ----------------------------------------------------------------------------------------------------------


@_dirt
def other_group_types(school: School, dice: random.Random) -> None:
    """Grupper av andra typer, till exempel mentorsgrupper."""
    for place, one in enumerate(_some(school.groups("Undervisning"), dice)):
        one["groupType"] = ("Mentor", "Schema", "Övrigt")[place % 3]


@_dirt
def test_groups(school: School, dice: random.Random) -> None:
    """Grupper av typen Provgrupp."""
    for one in _some(school.groups("Undervisning"), dice):
        one["groupType"] = "Provgrupp"


@_dirt
def groups_without_school_type(school: School, dice: random.Random) -> None:
    """Ingen undervisningsgrupp har skolform."""
    for one in school.groups("Undervisning"):
        one.pop("schoolType", None)


@_dirt
def groups_at_a_school(school: School, dice: random.Random) -> None:
    """Grupper hör till skolan i stället för dess enda skolenhet."""
    units = [one for one in school.objects["organisations"].values() if one["organisationType"] == "Skolenhet"]
    above = {one["id"]: one["parentOrganisation"] for one in units if one.get("parentOrganisation")}
    for one in school.objects["groups"].values():
        one["organisation"] = above.get(one["organisation"]["id"], one["organisation"])


@_dirt
def several_classes(school: School, dice: random.Random) -> None:
    """Elever går i två klasser på en gång, eftersom den gamla ligger kvar."""
    classes = school.groups("Klass")
    for pupil in _some(school.pupils(), dice):
        ref = {"id": pupil["id"]}
        other = next(one for one in classes if all(each["person"] != ref for each in one.get("groupMemberships", ())))
        other.setdefault("groupMemberships", []).append({"person": ref, "startDate": "2021-08-12"})


@_dirt
def strange_members(school: School, dice: random.Random) -> None:
    """Personal och okända bland gruppernas medlemmar."""
    for place, one in enumerate(_some(school.groups("Undervisning"), dice)):
        one.setdefault("groupMemberships", []).append({"person": {"id": dice.choice(school.staff())["id"]}})
        one["groupMemberships"].append({"person": {"id": new_id("nobody", place)}})


@_dirt
def groups_without_members(school: School, dice: random.Random) -> None:
    """Grupper där listan med medlemmar saknas."""
    for one in _some(school.groups("Undervisning"), dice):
        one.pop("groupMemberships", None)


@_dirt
def unnamed_groups(school: School, dice: random.Random) -> None:
    """Grupper utan namn."""
    for one in _some(school.groups("Undervisning"), dice):
        one.pop("displayName", None)


# --- Activities ------------------------------------------------------------------------------------------------------


@_dirt
def activities_on_classes(school: School, dice: random.Random) -> None:
    """Undervisningen hänger på klassen, utan undervisningsgrupp."""
    classes = {one["displayName"]: one for one in school.groups("Klass")}
    for one in school.objects["activities"].values():
        group = school.objects["groups"].get(one["groups"][0]["id"]) if one["groups"] else None
        if group is None:
            continue
        own = classes.get(group.get("displayName", "").partition(" ")[0])
        if own:
            one["groups"] = [{"id": own["id"]}]
            del school.objects["groups"][group["id"]]


@_dirt
def teachers_as_persons(school: School, dice: random.Random) -> None:
    """Undervisningen nämner läraren som person i stället för tjänstgöring."""
    duties = school.objects["duties"]
    for one in school.objects["activities"].values():
        one["teachers"] = [
            {"person": duties[each["duty"]["id"]]["person"]}
            for each in one["teachers"]
            if "duty" in each and duties[each["duty"]["id"]].get("person")
        ]


@_dirt
def no_syllabus(school: School, dice: random.Random) -> None:
    """Ämnet står i undervisningen själv, med egna koder, utan ämnesplan."""
    names = {one["id"]: one for one in school.objects["syllabuses"].values()}
    for one in [each for each in school.objects["activities"].values() if "syllabus" in each]:
        told = names[one.pop("syllabus")["id"]]
        one["subject"] = {
            "code": told.get("subjectCode", "MAT")[-5:-2] or None,
            "name": told.get("subjectName") or told.get("courseName"),
        }
    school.objects["syllabuses"].clear()


@_dirt
def other_activities(school: School, dice: random.Random) -> None:
    """Provaktiviteter och aktiviteter utan grupp."""
    for place, one in enumerate(_some(list(school.objects["activities"].values()), dice)):
        if place % 2:
            one["activityType"] = "Provaktivitet"
        else:
            one["groups"] = []


def explanation(name: str) -> str:
    """What a user is told of a kind of dirt."""
    return (DIRT[name].__doc__ or "").split("\n", 1)[0]


__all__ = ["DIRT", "Entity", "explanation", "spread"]
