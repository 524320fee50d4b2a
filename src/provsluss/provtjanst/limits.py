"""Never more calls a second than Skolverket allows (rules.md T7): 5 for transfer and job status, 10 for reading.

Whoever waits is let through in turn, organisation by organisation, so that a small one need not wait behind a large.
"""

import math
import threading
import time
from collections.abc import Callable, Mapping

from provsluss.provtjanst.call_counts import calls_made
from provsluss.provtjanst.call_window import CallKind, CallWindow, OwnWindow
from provsluss.provtjanst.errors import TemporaryTrouble
from provsluss.provtjanst.turns import Line, Spacing, Turn

NewWindow = Callable[[str, CallKind, float], CallWindow]
"""Makes the window for an address, a kind of call, and a rate."""


def own_window(address: str, kind: CallKind, rate: float) -> CallWindow:
    """A window for this process alone."""
    return OwnWindow(rate)


class CallLimits:
    """Both limits of one environment. One instance is shared by all threads of a process. Rate 0 means no limit."""

    def __init__(
        self, transfer_rate: float = 5, read_rate: float = 10, address: str = "", new_window: NewWindow = own_window
    ) -> None:
        self._gates: dict[CallKind, _Gate] = {
            "transfer": _Gate("transfer", transfer_rate, new_window(address, "transfer", transfer_rate)),
            "read": _Gate("read", read_rate, new_window(address, "read", read_rate)),
        }
        self._caller, self._urgent = "", False

    def of(self, caller: str, urgent: bool = False) -> "CallLimits":
        """The same limits, for calls in the name of `caller`: callers who wait are let through in turn.

        `urgent`: before all who are not, for the few calls that somebody waits for.
        """
        named = object.__new__(CallLimits)
        named._gates, named._caller, named._urgent = self._gates, caller, urgent
        return named

    def wait(self, kind: CallKind, timeout: float = 120.0) -> None:
        """Return when a call of this kind may be made; each must be followed by `observe` in the same thread. Raises
        TemporaryTrouble when it would take longer than `timeout` seconds."""
        self._gates[kind].wait(self._caller, self._urgent, timeout)

    def observe(
        self,
        kind: CallKind,
        headers: Mapping[str, str] | None,
        refused: bool = False,
        sent_at: float | None = None,
    ) -> None:
        """Tell how the call went: its answer's headers, or None when no answer came; `refused` for 429; and when it had
        been sent (by time.monotonic). None: that is not known, and it is taken to have arrived only now."""
        self._gates[kind].observe(headers, refused, sent_at)


class _Gate:
    """The line before one window of calls."""

    def __init__(self, kind: CallKind, rate: float, window: CallWindow) -> None:
        self._kind: CallKind = kind
        self._window = window
        self._line = Line()
        self._spacing = Spacing(rate)
        self._changed = threading.Condition()

    def wait(self, caller: str, urgent: bool, timeout: float) -> None:
        ends = time.monotonic() + timeout
        with self._changed:
            turn = self._line.join(caller, urgent)
            try:
                while (pause := self._pause(turn)) > 0:
                    if time.monotonic() + (0.0 if math.isinf(pause) else pause) >= ends:
                        raise TemporaryTrouble("Kön av anrop till Skolverket är för lång just nu.", retry_after=1.0)
                    self._changed.wait(min(pause, ends - time.monotonic()))
                self._spacing.passed(caller, time.monotonic())
            finally:
                self._line.leave(turn)
                self._changed.notify_all()

    def _pause(self, turn: Turn) -> float:
        """0 when it is this one's turn and there is room, else in how many seconds to look again."""
        if not self._line.is_first(turn):
            return math.inf
        if (pause := self._spacing.left(turn.caller, time.monotonic())) > 0:
            return pause
        return self._window.take()

    def observe(self, headers: Mapping[str, str] | None, refused: bool, sent_at: float | None) -> None:
        calls_made.count(self._kind, refused)
        with self._changed:
            self._window.answered(headers, refused, sent_at)
            self._changed.notify_all()


_new_window: NewWindow = own_window
_shared: dict[tuple[str, float, float], CallLimits] = {}
_shared_lock = threading.Lock()


def count_calls_in(new_window: NewWindow) -> None:
    """Let `shared_limits` count in windows made by `new_window`, from now on. Called once, when a process starts."""
    global _new_window
    with _shared_lock:
        _new_window = new_window
        _shared.clear()


def shared_limits(provisioning_url: str, transfer_rate: float = 5, read_rate: float = 10) -> CallLimits:
    """The one instance of this process for an environment and its rates."""
    key = (provisioning_url, transfer_rate, read_rate)
    with _shared_lock:
        if key not in _shared:
            _shared[key] = CallLimits(transfer_rate, read_rate, provisioning_url, _new_window)
        return _shared[key]
