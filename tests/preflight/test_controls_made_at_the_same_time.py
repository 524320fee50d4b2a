"""Two who make controls at the same time never take each other's rows, whoever begins and whoever ends first."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from provsluss.organisations.models import Organisation
from provsluss.preflight.request import fresh_control_status
from provsluss.preflight.run import make_at_once, make_control
from provsluss.preflight.status import control_status, new_control
from provsluss.preflight.writer import ControlWriting
from provsluss.register.models import Person
from provsluss.transfers.models import Control, ControlCause, ControlFinding, ControlState
from tests.transfers.small_school import fetch_list_of_tests, make_school


@pytest.fixture
def school(scoped: Organisation) -> Organisation:
    make_school(scoped)
    fetch_list_of_tests(scoped)
    Person.objects.filter(given_name="Lovisa").update(eppn="")
    return scoped


@pytest.fixture
def in_the_middle(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Lets something happen once, when the first objects of a control have been written."""
    write = ControlWriting.write

    def arrange(happens: Callable[[], object]) -> None:
        waiting = [happens]

        def and_then(self: ControlWriting, *args: object, **named: object) -> None:
            write(self, *args, **named)  # type: ignore[arg-type]
            if waiting:
                waiting.pop()()

        monkeypatch.setattr(ControlWriting, "write", and_then)

    return arrange


def _queued(organisation: Organisation) -> Control:
    return new_control(organisation)[0]


def test_one_that_is_ready_is_not_made_again(school: Organisation) -> None:
    control = make_at_once(school)
    before = Control.objects.get().ready_at

    make_control(control.pk)

    assert Control.objects.get().ready_at == before


def test_one_that_failed_or_is_gone_is_left_alone(school: Organisation) -> None:
    control = _queued(school)
    Control.objects.update(state=ControlState.FAILED)
    make_control(control.pk)
    assert Control.objects.get().state == ControlState.FAILED
    Control.objects.all().delete()
    make_control(control.pk)


@pytest.mark.parametrize("first_is_queued", [True, False])
@pytest.mark.parametrize("second_is_queued", [True, False])
def test_a_second_one_made_meanwhile_leaves_the_first_in_peace(
    school: Organisation,
    in_the_middle: Callable[[Callable[[], object]], None],
    first_is_queued: bool,
    second_is_queued: bool,
) -> None:
    def make(queued: bool) -> None:
        if queued:
            make_control(_queued(school).pk)
        else:
            make_at_once(school)

    in_the_middle(lambda: make(second_is_queued))
    make(first_is_queued)

    older, newer = Control.objects.order_by("pk")
    assert (older.state, newer.state) == (ControlState.READY, ControlState.READY)
    assert control_status(school).control == newer
    assert ControlFinding.objects.filter(cause__control=newer).count() == 3
    assert ControlFinding.objects.filter(cause__control=older).count() == 3
    assert make_at_once(school) == Control.objects.get()


def test_what_waits_in_the_queue_is_made_though_a_newer_one_came_first(school: Organisation) -> None:
    waiting = _queued(school)
    newer = make_at_once(school)
    make_control(waiting.pk)
    assert control_status(school).control == newer
    assert control_status(school).under_way is None


def test_one_that_was_broken_off_is_not_waited_for(
    school: Organisation, in_the_middle: Callable[[Callable[[], object]], None]
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    in_the_middle(interrupt)
    with pytest.raises(KeyboardInterrupt):
        make_at_once(school)

    assert Control.objects.get().state == ControlState.FAILED
    assert control_status(school).under_way is None


def test_two_workers_at_the_same_one_say_everything_once(
    school: Organisation, in_the_middle: Callable[[Callable[[], object]], None]
) -> None:
    """The first is frozen, is taken for dead, and wakes up when the second has ended."""
    control = _queued(school)
    in_the_middle(lambda: make_control(control.pk))
    make_control(control.pk)
    _is_whole(control)


def test_who_was_taken_for_dead_stops_while_the_other_goes_on(
    school: Organisation, in_the_middle: Callable[[Callable[[], object]], None]
) -> None:
    control = _queued(school)
    in_the_middle(lambda: Control.objects.update(attempt=F("attempt") + 1))  # the other has claimed it
    make_control(control.pk)
    assert Control.objects.get().state == ControlState.WORKING
    assert not control.cells.exists()
    make_control(control.pk)
    _is_whole(control)


def _is_whole(control: Control) -> None:
    assert Control.objects.get() == control
    assert Control.objects.get().state == ControlState.READY
    assert (control.cells.count(), ControlFinding.objects.count(), ControlCause.objects.count()) == (1, 3, 1)


def test_one_that_nobody_goes_on_with_is_not_waited_for(school: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that died, of another version too, leaves it as it was: nobody says anything any more."""
    silent = Control.objects.create(
        organisation=school,
        environment=school.environment,
        state=ControlState.WORKING,
        created_at=timezone.now() - timedelta(minutes=5),
        seen_at=timezone.now() - timedelta(minutes=3),
    )
    assert control_status(school).under_way is None
    assert fresh_control_status(school).control != silent

    Control.objects.filter(pk=silent.pk).update(seen_at=timezone.now())
    Control.objects.exclude(pk=silent.pk).delete()
    assert control_status(school).under_way == silent


def test_a_sign_of_life_is_given_as_it_goes(
    school: Organisation, in_the_middle: Callable[[Callable[[], object]], None]
) -> None:
    control = _queued(school)
    long_ago = timezone.now() - timedelta(minutes=10)
    Control.objects.update(seen_at=long_ago)
    seen: list[bool] = []
    in_the_middle(lambda: seen.append(Control.objects.get().seen_at > long_ago))
    make_control(control.pk)
    assert seen == [True]
