"""Inställningar: the huvudman's name and certificate, and which environment is in use."""

from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from provsluss.connection.certificate_choice import what_to_mind, why_refused
from provsluss.organisations.certificate_files import has_entity_id_of_another
from provsluss.organisations.decision_log import What, decisions_of, log_decision
from provsluss.organisations.environments import Environment, addresses
from provsluss.organisations.models import ClientKey, Organisation, Preparation, ProtectionPreparation, User
from provsluss.organisations.protection import decisions, missing_preparations
from provsluss.transfers.models import ENDED_STATES, Transfer
from provsluss.web.frame.frame import ENVIRONMENT_SAYS
from provsluss.web.frame.request import Request
from provsluss.web.settings.certificate_file_field import CertificateFileField
from provsluss.web.settings.decisions import decision_rows
from provsluss.web.settings.readable_files import certificate_file_status

DECISIONS_SHOWN = 10


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    """What can be changed about a huvudman. The organisation number cannot: every id is derived from it."""

    certificate_file = CertificateFileField(label="Certifikatfil")
    private_key_file = CertificateFileField(label="Fil med privat nyckel")

    class Meta:
        model = Organisation
        fields = ["name", "client_key", "entity_id", "certificate_file", "private_key_file"]
        labels = {
            "name": "Namn",
            "client_key": "Så känns certifikatet igen",
            "entity_id": "Entitets-id",
        }
        help_texts = {"entity_id": "Bara för certifikat i TLS-federationen (Moa)."}
        widgets = {"client_key": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("certificate_file", "private_key_file"):
            self.initial[name] = self.fields[name].offer(self.instance, getattr(self.instance, name))  # type: ignore[attr-defined]

    def clean_entity_id(self) -> str:
        """An entity id names one huvudman."""
        entity_id = str(self.cleaned_data["entity_id"])
        if entity_id and has_entity_id_of_another(self.instance, entity_id):
            raise forms.ValidationError("En annan huvudman i Provsluss har redan det här entitets-id:t.")
        return entity_id

    def clean(self) -> dict[str, object]:
        """An entity id is needed exactly where the certificate is known by it; nobody is given another's."""
        cleaned = super().clean() or {}
        if cleaned.get("client_key") == ClientKey.ENTITY_ID and cleaned.get("entity_id") == "":
            self.add_error("entity_id", "Skriv entitets-id, eller välj att certifikatet känns igen på fingeravtrycket.")
        elif not self.errors and self._changes_certificate():
            chosen = Organisation(pk=self.instance.pk, number=self.instance.number, **cleaned)
            if refusal := why_refused(chosen):
                self.add_error("certificate_file", refusal)
        return cleaned

    def _changes_certificate(self) -> bool:
        """Whether a certificate is chosen, or a way to know it. What is there already stops no other change."""
        return not {"certificate_file", "private_key_file", "client_key", "entity_id"}.isdisjoint(self.changed_data)


def _save(form: OrganisationForm, user: User) -> None:
    """Stores what the form says, and in the decision log what it changes. Of files the names alone."""
    with transaction.atomic():
        before = Organisation.objects.get(pk=form.instance.pk)
        after = form.save()
        log_decision(What.NAME, before.name, after.name, by=user, organisation=after)
        for title, was, now in (
            ("Så känns certifikatet igen", before.get_client_key_display(), after.get_client_key_display()),
            ("Entitets-id", before.entity_id, after.entity_id),
            ("Certifikatfil", Path(before.certificate_file).name, Path(after.certificate_file).name),
            ("Fil med privat nyckel", Path(before.private_key_file).name, Path(after.private_key_file).name),
        ):
            log_decision(What.CERTIFICATE, was, now, by=user, organisation=after, about=title)


def _change_environment(organisation: Organisation, wanted: Environment, user: User) -> None:
    with transaction.atomic():
        before = Organisation.objects.select_for_update().get(pk=organisation.pk).get_environment_display()
        Organisation.objects.filter(pk=organisation.pk).update(environment=wanted)
        log_decision(What.ENVIRONMENT, before, str(wanted.label), by=user, organisation=organisation)


@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: Request) -> HttpResponse:
    """The page; POST changes name and certificate."""
    organisation: Organisation = request.organisation
    form = OrganisationForm(request.POST or None, instance=Organisation.objects.get(pk=organisation.pk))
    if request.method == "POST" and form.is_valid():
        _save(form, request.user)
        messages.success(request, "Ändringarna är sparade.")
        return redirect("settings")
    return render(
        request,
        "settings/organisation.html",
        {
            "form": form,
            "files": certificate_file_status(organisation),
            "minds": what_to_mind(organisation) if organisation.certificate_file else [],
            "preparations": _preparations(organisation),
            "unprepared": bool(missing_preparations(organisation)),
            "addresses": addresses(organisation.environment),
            "decisions": decision_rows(decisions_of(organisation)[:DECISIONS_SHOWN]),
            "environments": [
                (value, label, ENVIRONMENT_SAYS[Environment(value)]) for value, label in Environment.choices
            ],
        },
        status=422 if form.errors else 200,
    )


_PREPARED = {
    Preparation.FULLMAKT: "Någon har fullmakt för skyddade personuppgifter (Mina ombud).",
    Preparation.EPOST: "En e-postadress är anmäld, så att Skolverket kan höra av sig.",
    Preparation.METOD: "Det är valt hur namn ska bytas ut (pseudonymisering).",
}


def _preparations(organisation: Organisation) -> list[tuple[str, str, ProtectionPreparation | None]]:
    """What must be in place before protected persons are sent, and the latest word about each."""
    known = decisions(organisation)
    return [(what.value, says, known.get(what)) for what, says in _PREPARED.items()]


@require_http_methods(["GET", "HEAD", "POST"])
def environment(request: Request) -> HttpResponse:
    """GET `?till=produktion` says what a change of environment means; POST makes it."""
    organisation: Organisation = request.organisation
    wanted = request.POST.get("till", "") if request.method == "POST" else request.GET.get("till", "")
    if wanted not in Environment.values or wanted == organisation.environment:
        return redirect("settings")
    if request.method == "POST":
        _change_environment(organisation, Environment(wanted), request.user)
        messages.success(request, f"Nu arbetar du mot {Environment(wanted).label}.")
        return redirect("settings")
    running = Transfer.objects.filter(environment=organisation.environment).exclude(state__in=ENDED_STATES)
    return render(
        request,
        "settings/environment.html",
        {
            "wanted": wanted,
            "wanted_label": Environment(wanted).label,
            "says": ENVIRONMENT_SAYS[Environment(wanted)],
            "is_production": wanted == Environment.PRODUCTION,
            "running": running.count(),
        },
    )
