"""Something for every page to show, and the address of each; what every page must hold to is tried by walking them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.urls import reverse
from django_scopes import scope

from provsluss.organisations.models import Organisation, User
from provsluss.preflight.run import make_control
from provsluss.preflight.status import new_control
from provsluss.register.models import Import, ImportChange, ImportProblem
from provsluss.transfers.models import ControlCause
from tests.web.removals_made_by_hand import make_removal
from tests.web.sources_made_by_hand import make_source
from tests.web.test_everything_is_closed import ALL
from tests.web.transfers_made_by_hand import make_preview, make_transfer


def every_address(organisation: Organisation, user: User) -> dict[str, str]:
    """The address of every page by its name, each with an object of `organisation` where it takes one."""
    made = make_transfer(organisation)
    removal = make_removal(organisation, "needs_review", school=made.school)
    planned = make_preview(made)
    with scope(organisation=organisation):
        run = Import.objects.create(
            organisation=organisation, source="skolverket_workbook", file_name="skola.xlsx",
            state="preview", created_by=user,
            counts={"school_year_change": {"units": {}}},
        )  # fmt: skip
        ImportProblem.objects.create(import_run=run, sheet="Klasser", row=4, reason="Namn saknas.")
        ImportChange.objects.create(import_run=run, sheet="Klasser", row=3, what="changed", label="6A", attributes=[])
        control, _ = new_control(organisation)
        make_control(control.pk)
        cause = ControlCause.objects.all()[0]
    ids = {
        "plan": planned.plan_id, "planned_object": planned.pk,
        "person": made.school.pupils[0].pk, "group": made.school.group.pk, "user": user.pk,
        "import": run.pk, "source": make_source(organisation).pk, "school_year_change": run.pk,
        "test_activity": made.test_activity.pk, "control_cause": cause.pk,
        "transfer": made.transfer.pk, "history_transfer": made.transfer.pk, "removal": removal.transfer.pk,
        "sync_job": made.jobs["persons"].pk, "sync_job_object": made.refused.pk,
        "calls": made.jobs["persons"].pk, "call": made.batch.pk,
    }  # fmt: skip
    longest_first = sorted(ids, key=len, reverse=True)
    return {
        name: reverse(name, args=[ids[next(one for one in longest_first if name.startswith(one))]] if takes else [])
        for name, takes in ALL
    }


@dataclass
class Form:
    """A form of a page, with the types of its fields by their names."""

    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)


class PageParts(HTMLParser):
    """What a page can send: its forms, and the addresses in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.addresses: list[str] = []
        self.fragments: list[str] = []
        self.loose_fields: list[str] = []
        self._form: Form | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.addresses += [
            found[name] for name in ("href", "action", "hx-get", "hx-post", "formaction", "src") if name in found
        ]
        if found.get("hx-get"):
            self.fragments.append(found["hx-get"])
        if tag == "form":
            self._form = Form(found.get("method", "get").lower(), found.get("action", ""))
            self.forms.append(self._form)
        elif tag in ("input", "textarea", "select", "button") and found.get("name"):
            kind = found.get("type", "text") if tag == "input" else tag
            if "hx-get" in found and kind in FREE_TEXT:
                self.loose_fields.append(found["name"])
            elif self._form:
                self._form.fields[found["name"]] = kind

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


FREE_TEXT = {"text", "search", "email", "tel", "url", "password", "textarea"}
"""The types of fields in which anything can be written."""
