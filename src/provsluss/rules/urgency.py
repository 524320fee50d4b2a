"""Which findings somebody has to do something about before the test, and which can wait."""

from provsluss.rules.findings import Finding

STOPS_THE_TEST = frozenset(
    {
        ("A5", "teachers"),  # nobody but the school's leaders would see the results
        ("A3", "parentActivity"),  # Skolverket no longer has the test
        ("D5", "dutyRole"),  # nobody can administer the school unit
        ("G10", "groupMemberships"),  # nobody in the group takes the test
        ("E10", "organisation"),  # the group's school unit is not in the test service
        ("P19", "securityMarking"),  # protected persons must not be sent unprepared
    }
)
"""(code, attribute) of the warnings that keep somebody from taking the test or the school from holding it. Our choice:
Skolverket accepts them all."""


def is_urgent(finding: Finding) -> bool:
    """Whether it must be mended before the test: an error, which holds something back, or a warning of the list."""
    return finding.is_error or (finding.code, finding.attribute) in STOPS_THE_TEST
