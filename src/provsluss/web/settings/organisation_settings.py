"""Inställningar: the huvudman's name and certificate, and which environment is in use."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from provsluss.organisations.certificate_files import has_entity_id_of_another
from provsluss.organisations.environments import Environment, addresses
from provsluss.organisations.models import ClientKey, Organisation, Preparation, ProtectionPreparation
from provsluss.organisations.protection import decisions, missing_preparations
from provsluss.transfers.models import ENDED_STATES, Transfer
from provsluss.web.frame.frame import ENVIRONMENT_SAYS
from provsluss.web.settings.certificate_file_field import CertificateFileField
from provsluss.web.settings.readable_files import certificate_file_status


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
        """An entity id is needed exactly where the certificate is known by it."""
        cleaned = super().clean() or {}
        if cleaned.get("client_key") == ClientKey.ENTITY_ID and cleaned.get("entity_id") == "":
            self.add_error("entity_id", "Skriv entitets-id, eller välj att certifikatet känns igen på fingeravtrycket.")
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """The page; POST changes name and certificate."""
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    form = OrganisationForm(request.POST or None, instance=Organisation.objects.get(pk=organisation.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Ändringarna är sparade.")
        return redirect("settings")
    return render(
        request,
        "settings/organisation.html",
        {
            "form": form,
            "files": certificate_file_status(organisation),
            "preparations": _preparations(organisation),
            "unprepared": bool(missing_preparations(organisation)),
            "addresses": addresses(organisation.environment),
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
def environment(request: HttpRequest) -> HttpResponse:
    """GET `?till=produktion` says what a change of environment means; POST makes it."""
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    wanted = request.POST.get("till", "") if request.method == "POST" else request.GET.get("till", "")
    if wanted not in Environment.values or wanted == organisation.environment:
        return redirect("settings")
    if request.method == "POST":
        Organisation.objects.filter(pk=organisation.pk).update(environment=wanted)
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
