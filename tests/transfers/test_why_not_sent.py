"""Why nothing was sent of somebody: each reason in a sentence, and what to do."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provsluss.transfers.person_status.why_not_sent import Obstacle, PersonStatus, Sent, why_not_sent

MOMENT = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
RAN = Sent(12, MOMENT, "done")
PUPIL = PersonStatus(is_pupil=True, groups=("6A", "Ma6A"), wanted_by=("Matematik årskurs 6",))
STAFF = PersonStatus(is_pupil=False, duty_roles=("Kurator",), school_has_test=True)

REASONS = [
    (replace(PUPIL, ended_at=MOMENT), Obstacle.ENDED, "avslutades 2026-11-23, eftersom källan inte längre har den"),
    (replace(PUPIL, wanted_by=(), groups=()), Obstacle.NO_GROUP, "går inte i någon klass eller undervisningsgrupp"),
    (
        replace(PUPIL, wanted_by=()),
        Obstacle.GROUPS_WITHOUT_TEST,
        "går i 6A och Ma6A, men ingen av grupperna är med i någon aktiv provaktivitet",
    ),
    (
        replace(PUPIL, wanted_by=(), groups=("6A",)),
        Obstacle.GROUPS_WITHOUT_TEST,
        "går i 6A, men gruppen är inte med i någon aktiv provaktivitet",
    ),
    (
        replace(PUPIL, wanted_by=(), paused=("Matematik årskurs 6",)),
        Obstacle.PAUSED,
        "Matematik årskurs 6 är pausad, och ingen annan provaktivitet vill ha personen",
    ),
    (
        replace(PUPIL, wanted_by=(), archived=("Engelska", "Svenska")),
        Obstacle.ARCHIVED,
        "Engelska och Svenska är arkiverade, och ingen annan",
    ),
    (replace(STAFF, duty_roles=()), Obstacle.NO_DUTY, "ingen tjänstgöring på någon skola"),
    (replace(STAFF, school_has_test=False), Obstacle.SCHOOL_WITHOUT_TEST, "Ingen grupp på personens skola"),
    (STAFF, Obstacle.DUTY_NOT_ASKED_FOR, "undervisar ingen grupp som gör ett prov, och Kurator skickas inte av sig"),
    (
        replace(STAFF, duty_roles=("Lärare",), groups=("Bl7",)),
        Obstacle.DUTY_NOT_ASKED_FOR,
        "undervisar Bl7, som inte gör något prov, och Lärare skickas inte av sig",
    ),
    (
        replace(PUPIL, held_back_by=("Inloggningsnamn (EPPN) saknas.",)),
        Obstacle.WITHHELD,
        "hålls inne. Inloggningsnamn (EPPN) saknas.",
    ),
    (
        replace(PUPIL, latest=Sent(13, MOMENT, "running", is_ended=False)),
        Obstacle.UNDER_WAY,
        "Överföring 13 har inte kommit till personen än",
    ),
    (replace(PUPIL, latest=RAN, refused=RAN), Obstacle.REFUSED, "nekade personen 2026-11-23 10:05, i överföring 12"),
    (
        replace(PUPIL, latest=RAN, unanswered=RAN),
        Obstacle.NEVER_ANSWERED,
        "Skolverket svarade aldrig om personen i överföring 12. Provsluss slutade vänta 2026-11-23 10:05.",
    ),
    (replace(PUPIL, latest=RAN, removed=RAN), Obstacle.REMOVED, "togs bort hos Skolverket 2026-11-23 10:05"),
    (replace(PUPIL, latest=Sent(12, MOMENT, "cancelled")), Obstacle.STOPPED, "Överföring 12 avbröts innan den kom"),
    (
        replace(PUPIL, sent_to=("Verifieringstest",)),
        Obstacle.ONLY_ELSEWHERE,
        "bara skickats till Verifieringstest, inte till miljön",
    ),
    (
        replace(PUPIL, latest=RAN, changed_at=datetime(2026, 11, 23, 12, 0, tzinfo=UTC)),
        Obstacle.NOT_SENT_SINCE,
        "skickades senast 2026-11-23 10:05. Uppgifterna om personen ändrades 2026-11-23 13:00",
    ),
    (replace(PUPIL, latest=RAN), Obstacle.NOT_SENT_SINCE, "Då var personen inte med."),
    (PUPIL, Obstacle.NEVER_SENT, "Matematik årskurs 6 har inte skickats än"),
]


@pytest.mark.parametrize(("status", "obstacle", "words"), REASONS)
def test_the_reason_and_what_to_do(status: PersonStatus, obstacle: Obstacle, words: str) -> None:
    why = why_not_sent(status)

    assert why.obstacle == obstacle
    assert words in why.reason
    assert why.advice
    assert all(sentence.endswith((".", "?")) and len(sentence) < 220 for sentence in why.sentences)


def test_every_obstacle_is_tried() -> None:
    assert {obstacle for _, obstacle, _ in REASONS} == set(Obstacle)


def test_many_names_are_counted() -> None:
    many = replace(PUPIL, wanted_by=(), groups=("6A", "Ma6A", "Sv6A", "En6A", "Id6A"))

    assert "går i 6A, Ma6A och 3 till, men ingen" in why_not_sent(many).reason


NAMES = st.tuples() | st.just(("6A",)) | st.just(("6A", "Ma6A"))
SENT = st.none() | st.sampled_from([RAN, Sent(9, MOMENT, "cancelled"), Sent(9, MOMENT, "queued", is_ended=False)])


@given(
    st.builds(
        PersonStatus, is_pupil=st.booleans(), ended_at=st.none() | st.just(MOMENT), groups=NAMES, duty_roles=NAMES,
        school_has_test=st.booleans(), wanted_by=NAMES, paused=NAMES, archived=NAMES, held_back_by=NAMES,
        changed_at=st.none() | st.just(MOMENT), latest=SENT, removed=SENT, refused=SENT,
        unanswered=SENT, sent_to=NAMES,
    )
)  # fmt: skip
def test_there_is_always_an_answer_and_the_person_itself_comes_first(status: PersonStatus) -> None:
    order = list(Obstacle)
    why = why_not_sent(status)

    assert why.reason
    if status.ended_at:
        assert why.obstacle == Obstacle.ENDED
    elif not status.wanted_by:
        assert order.index(why.obstacle) < order.index(Obstacle.WITHHELD)
    elif status.held_back_by:
        assert why.obstacle == Obstacle.WITHHELD
    assert not any(first == second for first, second in pairwise(why.sentences))
