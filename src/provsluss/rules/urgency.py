"""Which findings somebody has to do something about before the test, and which can wait."""

from provsluss.rules.findings import Finding

STOPS_THE_TEST = frozenset(
    {
        ("A5", "teachers"),  # nobody but the school's leaders would see the results
        ("A3", "parentActivity"),  # Skolverket no longer has the test
        ("A3", "nationalTests"),  # nobody knows whether it has
        ("D5", "dutyRole"),  # nobody can administer the school unit
        ("G10", "groupMemberships"),  # nobody in the group takes the test
        ("E10", "organisation"),  # the group's school unit is not in the test service
    }
)
"""(code, attribute) of the warnings that keep somebody from taking the test or the school from holding it. Our choice:
Skolverket accepts them all."""

STOPS_NO_TEST = frozenset({("G4", "groupMemberships")})
"""(code, attribute) of the errors that nobody misses the test for: the pupil is sent, only not the place in a class,
and a class is only for filtering and sorting (rules.md XL 1.5.2)."""


def is_urgent(finding: Finding) -> bool:
    """Whether it must be mended before the test: nearly every error, and the warnings of the list."""
    about = (finding.code, finding.attribute)
    return about not in STOPS_NO_TEST if finding.is_error else about in STOPS_THE_TEST
