"""The choice of one file in the huvudman's own directory of certificates. Paths are neither taken nor shown."""

from pathlib import Path

from django import forms

from provsluss.organisations.certificate_files import certificate_directory, certificate_names
from provsluss.organisations.models import Organisation

KEEP = "/"
"""The choice to keep a file that an operator has set, outside the directory. No file can have this name."""


class CertificateFileField(forms.ChoiceField):
    """Offers names; its clean value is the path to store (empty: none)."""

    default_error_messages = {
        "invalid_choice": "Filen ligger inte i huvudmannens katalog på servern. Välj en fil i listan."
    }

    def __init__(self, *, label: str) -> None:
        super().__init__(label=label, required=False)
        self._directory, self._stored = Path(), ""

    def offer(self, organisation: Organisation, stored: str) -> str:
        """Make the choices those of `organisation`, whose file is now at the path `stored`. Returns which it is."""
        self._directory, self._stored = certificate_directory(organisation), stored
        names = certificate_names(organisation)
        self.help_text = (
            f"Filerna i katalogen {organisation.number} bland certifikaten på servern. "
            "Den som sköter servern lägger dem där."
        )
        choices = [("", "Ingen"), *((name, name) for name in names)]
        chosen = Path(stored).name if stored else ""
        if stored and (Path(stored).parent != self._directory or chosen not in names):
            choices.append((KEEP, f"{chosen} (satt på servern)"))
            chosen = KEEP
        self.choices = choices
        return chosen

    def clean(self, value: object) -> str:
        """The path of the chosen file."""
        name = str(super().clean(value))
        if name == KEEP:
            return self._stored
        return str(self._directory / name) if name else ""
