"""Decisions that change how a huvudman works, in one table that a person can read."""

import getpass

from django.db.models import Q, QuerySet

from provsluss.organisations.models import LoggedDecision, Organisation, User

What = LoggedDecision.What


def log_decision(
    what: What, before: str, after: str, *, by: User | None, organisation: Organisation | None, about: str = ""
) -> None:
    """Somebody has decided that what was `before` is `after`, both in Swedish. Nothing is logged where they are alike.

    Called in the transaction that makes the change. `by` None: a command on the server. `organisation` None: it holds
    for the whole installation. `about` says which of several.
    """
    if before == after:
        return
    LoggedDecision.objects.create(
        organisation=organisation,
        what=what,
        about=about[:200],
        before=before[:500],
        after=after[:500],
        by=by,
        by_name=(by.get_full_name() or by.username) if by else _on_the_server(),
    )


def decisions_of(organisation: Organisation) -> QuerySet[LoggedDecision]:
    """Those that the organisation works under, its own and the whole installation's, the newest first."""
    return LoggedDecision.objects.filter(Q(organisation=organisation) | Q(organisation=None))


def yes_or_no(answer: bool) -> str:
    """How a switch is written in the log."""
    return "Ja" if answer else "Nej"


def _on_the_server() -> str:
    try:
        return f"{getpass.getuser()}, med ett kommando på servern"
    except (KeyError, OSError):  # a user without a name
        return "Någon, med ett kommando på servern"
