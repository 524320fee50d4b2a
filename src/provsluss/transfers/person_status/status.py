"""Where one person stands on the way to Skolverket, read from the tables (why_not_sent.py says what it means)."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from provsluss.organisations.models import Organisation
from provsluss.register.models import Duty, DutyAssignment, Group, Membership, Person
from provsluss.rules.findings import Finding, errors
from provsluss.rules.persons import check_person
from provsluss.transfers.desired.one_person import activities_that_want
from provsluss.transfers.desired.person_facts import PersonFacts, facts_of
from provsluss.transfers.models import (
    Accepted,
    Action,
    ObjectResult,
    ObjectState,
    TestActivity,
    TestActivityGroup,
    TestActivityState,
    Transfer,
    TransferState,
    at_todays_addresses,
)
from provsluss.transfers.person_status.why_not_sent import PersonStatus, Sent

_NO_ANSWER = {"never_completed", "job_lost", "never_answered"}
"""The findings of what ended in error although Skolverket said nothing against it (transfers/steps)."""


def person_status_of(organisation: Organisation, person: Person, facts: PersonFacts | None = None) -> PersonStatus:
    """Everything that decides whether Skolverket has `person`, of whom `facts` may be known already.

    Needs the organisation's scope.
    """
    environment = organisation.environment
    facts = facts or facts_of(person)
    duties = sorted(facts.duties, key=lambda duty: duty.duty_role)
    wanting = activities_that_want(organisation, person, duties=duties)
    last = _last_result(person, environment)
    holding = errors(_findings(facts))
    return PersonStatus(
        is_pupil=person.role == Person.Role.PUPIL,
        ended_at=person.ended_at,
        groups=tuple(_groups(person).values_list("name", flat=True)),
        duty_roles=tuple(dict.fromkeys(duty.duty_role for duty in duties)),
        school_has_test=bool(wanting) or _school_has_test(duties),
        wanted_by=_names(wanting),
        paused=() if wanting else _names(activities_that_want(organisation, person, TestActivityState.PAUSED, duties)),
        archived=()
        if wanting
        else _names(activities_that_want(organisation, person, TestActivityState.ARCHIVED, duties)),
        held_back_by=tuple(finding.sentence for finding in holding),
        mending=tuple(finding.how for finding in holding if finding.how),
        unprepared=tuple(finding.sentence for finding in facts.unprepared),
        changed_at=person.changed_at,
        latest=_latest(wanting, environment),
        removed=_sent(last) if last and last.state == ObjectState.REMOVED else None,
        refused=_sent(last) if last and _went_wrong(last) and not _is_unanswered(last) else None,
        unanswered=_sent(last) if last and _went_wrong(last) and _is_unanswered(last) else None,
        withheld=_sent(last) if last and last.state == ObjectState.WITHHELD else None,
        stopped=_sent(last) if last and _was_stopped(last) else None,
        sent_to=_other_places(person, environment),
    )


def _groups(person: Person) -> QuerySet[Group]:
    """The groups that the person is in, and those that it teaches."""
    # Two lists of ids: as one join of both, SQLite goes through every group with all that is in it.
    member = Membership._base_manager.filter(person=person).values("group_id")
    teaches = DutyAssignment._base_manager.filter(duty__person=person, duty__ended_at=None).values("group_id")
    return Group.objects.filter(Q(pk__in=member) | Q(pk__in=teaches), ended_at=None).distinct().order_by("name")


def _school_has_test(duties: Sequence[Duty]) -> bool:
    links = TestActivityGroup.objects.filter(
        test_activity__state=TestActivityState.ACTIVE,
        group__ended_at=None,
        group__school_unit_code__in={duty.school_unit_code for duty in duties},
    )
    return links.exists()


def _findings(facts: PersonFacts) -> list[Finding]:
    return check_person(facts.person, facts.enrolments, facts.duties, facts.catalogue)


def _latest(wanting: Sequence[TestActivity], environment: str) -> Sent | None:
    """The newest transfer of what wants the person."""
    newest = (
        Transfer.objects.filter(at_todays_addresses(), test_activities__in=wanting, environment=environment)
        .order_by("-pk")
        .first()
    )
    return Sent(newest.pk, newest.created_at, newest.state, newest.is_at_rest) if newest else None


def _last_result(person: Person, environment: str) -> ObjectResult | None:
    """What last became of the person itself."""
    results = ObjectResult.objects.filter(
        at_todays_addresses("sync_job__transfer__"),
        object_id=person.pk,
        sync_job__transfer__environment=environment,
    )
    related = results.select_related("sync_job__transfer", "batch").defer("batch__payload", "batch__answer")
    return related.order_by("-sync_job__transfer_id", "-pk").first()


def _went_wrong(result: ObjectResult) -> bool:
    """A removal that went wrong is none of this: Skolverket still has the person."""
    return result.state == ObjectState.ERROR and result.sync_job.action == Action.SEND


def _was_stopped(result: ObjectResult) -> bool:
    """Whether somebody stopped the transfer between the call about the person and its answer."""
    called = result.state == ObjectState.SENT or (
        result.state == ObjectState.WAITING and result.batch is not None and result.batch.attempts > 0
    )
    return called and result.sync_job.state == TransferState.CANCELLED and result.sync_job.action == Action.SEND


def _is_unanswered(result: ObjectResult) -> bool:
    return any(finding["code"] in _NO_ANSWER for finding in result.findings)


def _sent(result: ObjectResult) -> Sent:
    transfer = result.sync_job.transfer
    return Sent(transfer.pk, result.finished_at or transfer.created_at, transfer.state, transfer.is_at_rest)


def _other_places(person: Person, environment: str) -> tuple[str, ...]:
    there = Accepted.everywhere.filter(kind="persons", object_id=person.pk).order_by("environment")
    return tuple(
        dict.fromkeys(
            f"en annan adress för {one.get_environment_display()}"
            if one.environment == environment
            else one.get_environment_display()
            for one in there.defer("payload")
            if one.environment != environment or one.is_elsewhere
        )
    )


def _names(test_activities: Sequence[TestActivity]) -> tuple[str, ...]:
    return tuple(one.name for one in test_activities)
