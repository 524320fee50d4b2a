"""One thing that has been looked at, and how it stood."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How it stood. Only an error means that something does not work."""

    OK = "ok"
    WARNING = "varning"
    ERROR = "fel"


@dataclass(frozen=True, slots=True)
class Check:
    """A thing with its name, and in Swedish how it stands and what to do. `values` are names and texts to copy."""

    level: Level
    title: str
    sentence: str
    remedy: str = ""
    values: tuple[tuple[str, str], ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong; a warning is not wrong."""
        return self.level != Level.ERROR


def right(title: str, sentence: str, values: tuple[tuple[str, str], ...] = ()) -> Check:
    """It is as it should be."""
    return Check(Level.OK, title, sentence, values=values)


def warning(title: str, sentence: str, remedy: str = "") -> Check:
    """It works, but somebody should look at it."""
    return Check(Level.WARNING, title, sentence, remedy)


def wrong(title: str, sentence: str, remedy: str = "") -> Check:
    """It does not work."""
    return Check(Level.ERROR, title, sentence, remedy)
