"""A transfer in numbers: as a table for a person, as JSON for a machine."""

from typing import TYPE_CHECKING, Any

from rich.table import Table

if TYPE_CHECKING:
    from provsluss.transfers.models import SyncJob, Transfer

KIND_TITLES = {
    "persons": "Användare",
    "duties": "Tjänstgöringar",
    "groups": "Grupper",
    "activities": "Aktiviteter",
}
HEADINGS = {
    "wanted": "Önskade",
    "unchanged": "Oförändrade",
    "sent": "Skickade",
    "success": "Mottagna",
    "warning": "Varningar",
    "error": "Fel",
    "withheld": "Hålls inne",
    "removed": "Borttagna",
}
COUNTS = tuple(HEADINGS)
_BROKEN = {
    "wanted": "Öns-\nkade",
    "unchanged": "Oför-\nänd-\nrade",
    "sent": "Skick-\nade",
    "success": "Mot-\ntagna",
    "warning": "Var-\nningar",
    "withheld": "Hålls\ninne",
    "removed": "Bort-\ntagna",
}
"""The same headings in several lines, so that a step with a long name leaves room for them in 80 columns."""
_OF_A_REMOVAL = ("removed", "error")
"""What a sync job that removes adds to the counts of its kind; what it sent were ids and no objects."""


def job_title(job: "SyncJob") -> str:
    """`Användare`, or `Ta bort: användare` for a sync job that removes."""
    title = KIND_TITLES[job.kind]
    return f"Ta bort: {title.lower()}" if _removes(job) else title


def counts_table(transfer: "Transfer") -> Table:
    """The sync jobs' counts, narrow enough for 80 columns; nothing removed, no such column."""
    jobs = list(transfer.sync_jobs.all())
    shown = [name for name in COUNTS if name != "removed" or any(job.removed or _removes(job) for job in jobs)]
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("", no_wrap=True, min_width=14)
    for name in shown:
        table.add_column(_BROKEN.get(name, HEADINGS[name]), justify="right", no_wrap=True)
    for job in jobs:
        table.add_row(job_title(job), *(number(_shown(job, name)) for name in shown))
    return table


def as_dict(transfer: "Transfer") -> dict[str, Any]:
    """The transfer for `--json`. What is removed of a kind stands with what is sent of it (design.md section 6)."""
    counts = {kind: dict.fromkeys(COUNTS, 0) for kind in KIND_TITLES}
    for job in transfer.sync_jobs.all():
        for name in _OF_A_REMOVAL if _removes(job) else COUNTS:
            counts[job.kind][name] += getattr(job, name)
    said = {"message": transfer.message, "category": transfer.category}
    return {"transfer": transfer.pk, "state": transfer.state, **said, "jobs": counts}


def nothing_sent(message: str) -> dict[str, Any]:
    """The same shape where no transfer had to be made, and why."""
    counts = {kind: dict.fromkeys(COUNTS, 0) for kind in KIND_TITLES}
    return {"transfer": None, "state": "done", "message": message, "category": "", "jobs": counts}


def number(value: int) -> str:
    """`1 204`."""
    return f"{value:,}".replace(",", "\u00a0")


def _shown(job: "SyncJob", name: str) -> int:
    """What was received with a warning was received, here as on the pages; only JSON keeps them apart."""
    return job.success + job.warning if name == "success" else int(getattr(job, name))


def _removes(job: "SyncJob") -> bool:
    from provsluss.transfers.models import Action

    return job.action == Action.REMOVE
