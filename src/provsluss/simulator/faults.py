"""The conditions a demo or test may change while the simulator runs, and the dice they are decided with."""

import random
import time
import zlib
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from provsluss.simulator.options import SimulatorOptions

Share = Field(default=0.0, ge=0.0, le=1.0)


class Faults(BaseModel):
    """What goes wrong, and how often. Names and meanings are those of `SimulatorOptions`.

    `down_seconds` and `storm_seconds` count from the moment they are set.
    """

    model_config = ConfigDict(extra="forbid")

    delay: float = Field(default=1.0, ge=0)
    delay_spread: float = Field(default=0.0, ge=0)
    provision_delay: float = Field(default=20.0, ge=0)
    max_bytes: int = Field(default=200_000, ge=0)
    answer_delay: float = Field(default=0.0, ge=0)
    transfer_rate: int = Field(default=5, ge=0)
    read_rate: int = Field(default=10, ge=0)
    token_life: float = Field(default=36_000.0, ge=0)
    fractional_reset: bool = True
    fail_share: float = Share
    drop_share: float = Share
    html_share: float = Share
    slow_share: float = Share
    slow_factor: float = Field(default=10.0, ge=0)
    never_share: float = Share
    forget_share: float = Share
    partial_share: float = Share
    lost_share: float = Share
    lost_ids: frozenset[str] = frozenset()
    duplicate_share: float = Share
    temporary_share: float = Share
    refused_ids: frozenset[str] = frozenset()
    down_seconds: float = Field(default=0.0, ge=0)
    storm_seconds: float = Field(default=0.0, ge=0)


class Dice:
    """Holds the faults in force and decides, with a seeded generator, what happens to each call, job and object."""

    def __init__(self, options: SimulatorOptions) -> None:
        """Starts from the options; the same seed and the same order of calls give the same faults."""
        self._seed = options.seed
        self._random = random.Random(options.seed)  # noqa: S311 - repeatable on purpose, guards nothing
        self._already_temporary: set[str] = set()
        self._down_until = 0.0
        self._storm_until = 0.0
        self.faults = Faults()
        self.change({name: getattr(options, name) for name in Faults.model_fields})

    def change(self, wanted: dict[str, Any]) -> None:
        """Changes the named faults only. Raises pydantic's ValidationError and changes nothing on a bad one."""
        self.faults = Faults.model_validate({**self.faults.model_dump(), **wanted})
        now = time.monotonic()
        if "down_seconds" in wanted:
            self._down_until = now + self.faults.down_seconds
        if "storm_seconds" in wanted:
            self._storm_until = now + self.faults.storm_seconds

    def shown(self) -> dict[str, Any]:
        """The faults in force, with what is left of `down_seconds` and `storm_seconds`."""
        now = time.monotonic()
        left = {
            "down_seconds": round(max(0.0, self._down_until - now), 3),
            "storm_seconds": round(max(0.0, self._storm_until - now), 3),
        }
        return {**self.faults.model_dump(mode="json"), **left}

    def is_down(self) -> bool:
        """Whether the service is down right now."""
        return time.monotonic() < self._down_until

    def is_storming(self) -> bool:
        """Whether every call is answered 429 right now."""
        return time.monotonic() < self._storm_until

    def happens(self, share: float) -> bool:
        """True in `share` of the calls. Draws no number for 0, so that one fault does not shift another's dice."""
        return share > 0 and self._random.random() < share

    def job_seconds(self) -> float:
        """How long the next job takes, if nothing is wrong with it. Draws no number without a spread."""
        spread = self.faults.delay_spread
        return self.faults.delay + (self._random.uniform(0, spread) if spread else 0.0)

    def is_temporary(self, object_id: str) -> bool:
        """Whether this object gets TemporaryError now: a share of all ids, each once, whatever order they come in."""
        if object_id in self._already_temporary:
            return False
        drawn = zlib.crc32(f"{self._seed}:{object_id}".encode()) / 2**32
        if drawn >= self.faults.temporary_share:
            return False
        self._already_temporary.add(object_id)
        return True
