"""The control (kontroll): what stands in the way of the test activities, before anything is sent."""

from provsluss.transfers.findings_of_one import findings_of_group, findings_of_person

__all__ = ["findings_of_group", "findings_of_person"]
