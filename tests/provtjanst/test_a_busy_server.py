"""A server that is busy counts a call later than it came: an answer that took longer than others says that it may."""

import pytest

from provsluss.provtjanst.call_window import USUAL_WAY, AnswerTimes, OwnWindow


class Clock:
    """A clock that stands still unless it is told to go on."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def call(window: OwnWindow, clock: Clock, seconds: float) -> None:
    """One call that is sent at once and answered after so many seconds."""
    assert window.take() == 0
    sent_at = clock.now
    clock.now += seconds
    window.answered(None, False, sent_at)


def test_a_late_answer_among_quick_ones_keeps_its_place_from_when_it_came() -> None:
    clock = Clock()
    window = OwnWindow(1, clock)
    for _ in range(3):
        call(window, clock, 0.01)
        clock.now += 2
    call(window, clock, 0.4)
    assert window.take() >= 1.0


def test_answers_that_all_take_their_time_cost_no_pace() -> None:
    clock = Clock()
    window = OwnWindow(1, clock)
    for _ in range(3):
        call(window, clock, 0.6)
        clock.now += 2
    call(window, clock, 0.6)
    assert window.take() == pytest.approx(1.0 - (0.6 - USUAL_WAY), abs=0.02)


def test_after_some_slow_answers_the_quick_ones_are_forgotten() -> None:
    times = AnswerTimes()
    found = [times.since_arrival(0.0, USUAL_WAY, seconds) for seconds in [0.01] + [1.0] * 10]
    assert found == [0.0] * 10 + [pytest.approx(0.9)]
