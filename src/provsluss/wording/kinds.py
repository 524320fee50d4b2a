"""What the four kinds of objects are called."""

from provsluss.ss12000.code_lists import KINDS

KIND_NAMES: dict[str, str] = dict(zip(KINDS, ("Användare", "Tjänstgöringar", "Grupper", "Aktiviteter"), strict=True))
"""The four kinds as users know them (design.md section 1)."""
ONE_AND_MANY: dict[str, tuple[str, str]] = dict(
    zip(
        KINDS,
        (
            ("person", "personer"),
            ("tjänstgöring", "tjänstgöringar"),
            ("grupp", "grupper"),
            ("aktivitet", "aktiviteter"),
        ),
        strict=True,
    )
)
"""What the objects of each kind are called when they are counted."""
