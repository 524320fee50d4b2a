"""Åtkomst for one: which pupils a member of staff sees, and who sees a group."""

import uuid
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from provsluss.register.models import Group, Person
from provsluss.visibility.flags import Flag
from provsluss.visibility.presence import Grant, Presence
from provsluss.visibility.pupils import pupils_of
from provsluss.visibility.report import Access
from provsluss.web.frame.protected import demand_visible, is_restricted
from provsluss.web.frame.request import Request
from provsluss.web.frame.tables import read_choice
from provsluss.web.persons.list import swedish
from provsluss.web.visibility.rows import PRESENCE_WORDS, group_flags, is_hidden, staff_rows

FILTERS = ("grupp",)
SORTS = {"namn": (), "grupp": ()}


@dataclass(frozen=True, slots=True)
class SeenPupil:
    """One pupil in one group. Neutral where `person` is None."""

    person: Person | None
    group: str
    presence: Presence

    @property
    def words(self) -> tuple[str, str, str]:
        """Tone, icon and words."""
        return PRESENCE_WORDS[self.presence]


@require_safe
def person_access(request: Request, pk: uuid.UUID) -> HttpResponse:
    """All pupils that one member of staff sees. 404 where the user may not see who it is."""
    one = get_object_or_404(Person, pk=pk)
    demand_visible(one, request.reader)
    found = _found(request)
    staff = found.staff.get(one.pk)
    context: dict[str, object] = {"person": one, "staff": staff}
    if staff:
        choice = read_choice(request.GET, filters=FILTERS, sorts=SORTS)
        wanted = [grant for grant in staff.groups if choice["grupp"] in ("", str(grant.group and grant.group.id))]
        pupils = _pupils(request, found, wanted)
        pupils.sort(key=_by_group if choice.sort == "grupp" else _by_name, reverse=choice.descending)
        pupils.sort(key=lambda pupil: pupil.person is None)
        context |= {
            "row": staff_rows(found, [staff], request.reader)[0],
            "groups": sorted({(str(s.group.id), s.group.name) for s in staff.groups if s.group}, key=lambda g: g[1]),
            "choice": choice,
            "page": choice.page_of_ordered(pupils),
        }
    return render(request, "visibility/person.html", context)


@require_safe
def group_access(request: Request, pk: uuid.UUID) -> HttpResponse:
    """Everybody who sees one group of the register, however many times it is sent. 404 in another organisation."""
    group = get_object_or_404(Group, pk=pk)
    found = _found(request)
    sent = [one for one in found.groups.values() if one.group.register_id == group.pk]
    grants = [grant for one in sent for grant in one.grants]
    if sent:
        leaders = found.leaders_of(group.school_unit_code)
        grants += [s for one in leaders for s in one.led_units if s.duty.unit == group.school_unit_code]
    flags: list[Flag] = []
    for one in sent:
        flags += [flag for flag in group_flags(found, one, request.reader) if flag not in flags]
    seen_by = [(found.staff[grant.duty.person_id], grant) for grant in grants]
    rows = [
        (None if is_hidden(staff, request.reader) else staff, grant, found.unit_name(grant.duty.unit), _words(grant))
        for staff, grant in sorted(seen_by, key=lambda pair: swedish(pair[0].sort_name))
    ]
    rows.sort(key=lambda row: row[0] is None)
    return render(
        request, "visibility/group.html", {"group": group, "is_sent": bool(sent), "rows": rows, "flags": flags}
    )


def _found(request: Request) -> Access:
    organisation = request.organisation
    return Access(organisation, organisation.environment)


def _pupils(request: Request, found: Access, grants: list[Grant]) -> list[SeenPupil]:
    """Each pupil in each group, with where it is seen: a pupil can have left a group that is otherwise the same."""
    pupils = pupils_of(found, {grant.group.id for grant in grants if grant.group})
    seen: list[tuple[uuid.UUID, str, Presence]] = []
    for grant in grants:
        if grant.group is None:
            continue
        in_register, at_skolverket = pupils.wanted_by([grant]), pupils.accepted_by([grant])
        seen += [
            (uuid.UUID(key), grant.group.name, Presence.of(key in in_register, key in at_skolverket))
            for key in in_register | at_skolverket
        ]
    persons = Person._base_manager.in_bulk({pk for pk, _, _ in seen})
    shown = {pk: person for pk, person in persons.items() if not is_restricted(person, request.reader)}
    return [SeenPupil(shown.get(pk), name, presence) for pk, name, presence in seen]


def _by_name(pupil: SeenPupil) -> tuple[str, str]:
    person = pupil.person
    return (swedish(f"{person.family_name} {person.given_name}") if person else "", swedish(pupil.group))


def _by_group(pupil: SeenPupil) -> tuple[str, str]:
    name, group = _by_name(pupil)
    return group, name


def _words(grant: Grant) -> tuple[str, str, str]:
    return PRESENCE_WORDS[grant.presence]
