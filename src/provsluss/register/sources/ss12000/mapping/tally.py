"""What becomes of each object that was read: used, refused (it stays as it was) or left out, and why."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Fates:
    """By kind of object (persons, duties, groups, activities)."""

    used: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    left_out: dict[str, Counter[str]] = field(default_factory=dict)

    def leave_out(self, kind: str, reason: str) -> None:
        """One object is not read in, which is no fault of anybody's row; the reason is for the user."""
        self.left_out.setdefault(kind, Counter())[reason] += 1

    def as_json(self) -> dict[str, object]:
        """For Import.reading."""
        return {
            "used": dict(self.used),
            "refused": dict(self.refused),
            "left_out": {kind: dict(reasons.most_common()) for kind, reasons in self.left_out.items()},
        }
