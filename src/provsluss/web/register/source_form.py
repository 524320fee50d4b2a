"""The form of a source that speaks SS 12000: where it is, how we are let in, and what is chosen where it is unclear."""

from typing import Any

from django import forms

from provsluss.organisations.models import Organisation
from provsluss.register.sources.ss12000.secrets import secret_names
from provsluss.register.sources.ss12000.settings import AUTHENTICATIONS, CHOICES

_CODE_DIGITS = 8
_FILES = ("secret_file", "certificate_file", "key_file")
_TEXTS = ("url", "auth", "client_id", "token_url", "scope", "header")


class SourceForm(forms.Form):
    """`given` and `school_units` are what was filled in."""

    name = forms.CharField(label="Namn", max_length=100, help_text="Det ni själva kallar registret.")
    url = forms.CharField(
        label="Adress",
        max_length=500,
        help_text="Hela basadressen till SS 12000, till exempel https://register.exempel.se/ss12000/v2.0.",
    )
    auth = forms.ChoiceField(label="Inloggning", choices=list(AUTHENTICATIONS.items()), initial="none")
    secret_file = forms.ChoiceField(label="Fil med hemligheten", required=False)
    client_id = forms.CharField(
        label="Klientens id", max_length=200, required=False, help_text="Hos SchoolSoft: organisationens nummer."
    )
    token_url = forms.CharField(label="Adress för åtkomstintyg", max_length=500, required=False)
    scope = forms.CharField(label="Scope", max_length=500, required=False)
    header = forms.CharField(label="Rubrik för nyckeln", max_length=100, required=False, initial="X-API-Key")
    certificate_file = forms.ChoiceField(label="Klientcertifikat", required=False)
    key_file = forms.ChoiceField(label="Klientcertifikatets nyckel", required=False)
    school_units = forms.CharField(
        label="Skolenheter",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Skolenhetskoder som källan talar för, en per rad. Tomt: alla som den har.",
    )
    choices = forms.MultipleChoiceField(
        label="Val där källan är oklar",
        required=False,
        choices=list(CHOICES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="Utan val läses det försiktigaste in.",
    )

    def __init__(self, organisation: Organisation, stored: dict[str, Any] | None, *args: Any, **kwargs: Any) -> None:
        """`stored` are the settings that it has now; None for a new one, which alone can be given its name here."""
        super().__init__(*args, **kwargs)
        self._stored = stored or {}
        if stored is not None:
            del self.fields["name"]
        for name in _FILES:
            field = self.fields[name]
            field.choices = self._files(organisation, self._stored.get(name, ""))  # type: ignore[attr-defined]
            field.help_text = (
                f"Filerna i katalogen {organisation.number} bland hemligheterna på servern (PROVSLUSS_SECRET_DIR). "
                "Den som sköter servern lägger dem där. De visas aldrig."
            )

    @staticmethod
    def _files(organisation: Organisation, stored: str) -> list[tuple[str, str]]:
        names = secret_names(organisation.number)
        offered = [("", "Ingen"), *((name, name.partition("/")[2]) for name in names)]
        if stored and stored not in names:
            offered.append((stored, f"{stored.rpartition('/')[2]} (satt på servern)"))
        return offered

    def clean_school_units(self) -> list[str]:
        """The codes, each once."""
        codes = str(self.cleaned_data["school_units"]).replace(",", " ").split()
        if wrong := [code for code in codes if len(code) != _CODE_DIGITS or not code.isascii() or not code.isdigit()]:
            raise forms.ValidationError(f"En skolenhetskod har åtta siffror: {wrong[0][:20]} är ingen.")
        return sorted(set(codes))

    @property
    def given(self) -> dict[str, Any]:
        """The settings as the kind of source takes them. What only an operator may allow stays as it is."""
        cleaned = self.cleaned_data
        told = {name: cleaned[name] for name in (*_TEXTS, *_FILES)}
        return told | {
            "header": cleaned["header"] or "X-API-Key",
            "organisation": cleaned["client_id"] if cleaned["auth"] == "schoolsoft" else "",
            "inner_allowed": bool(self._stored.get("inner_allowed")) and cleaned["url"] == self._stored.get("url"),
            "choices": dict.fromkeys(cleaned["choices"], True),
        }


def initial_of(settings: dict[str, Any], school_unit_codes: list[str]) -> dict[str, Any]:
    """What the form shows of a source that there is."""
    return {
        **settings,
        "school_units": "\n".join(school_unit_codes),
        "choices": [name for name, chosen in settings.get("choices", {}).items() if chosen],
    }
