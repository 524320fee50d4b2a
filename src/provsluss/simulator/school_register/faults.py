"""What goes wrong with calls: one fault at a time, for some calls or for all, on some paths or on all."""

from dataclasses import asdict, dataclass

FAULTS = {
    "bad-filter": "400 på frågor med filter",
    "bad-request": "400 på allt",
    "missing": "404: den delen finns inte",
    "replaced": "410 mitt i en lista: uppgifterna har bytts ut",
    "busy": "429 med Retry-After",
    "down": "503",
    "too-large": "503 answer too large, för sidor med mer än 50 objekt",
    "refused": "401: nyckeln gäller inte",
    "forbidden": "403: inte den delen",
    "token-ends": "Åtkomstintyget slutar gälla mitt i läsningen",
    "same-page": "Samma sidmärke två gånger",
    "endless": "En lista som aldrig tar slut",
    "no-json": "En HTML-sida i stället för JSON",
    "other-json": "JSON som inte är en lista",
    "huge": "Svar på mer än 32 MB",
    "redirect": "Hänvisning till en annan adress",
    "hang": "Inget svar",
    "drop": "Förbindelsen bryts",
    "empty": "En tom lista",
    "strange-objects": "Objekt som inte följer SS 12000, bland de andra",
}
"""The faults by name, each with what a user is told of it."""


@dataclass
class Fault:
    """The fault in force. `calls` is how many it is left for, 0 for all; `skip` how many go well before."""

    name: str = ""
    path: str = ""
    calls: int = 0
    skip: int = 0

    def strikes(self, path: str) -> str:
        """The name of the fault that this call meets; empty for none."""
        if not self.name or (self.path and self.path not in path):
            return ""
        if self.skip:
            self.skip -= 1
            return ""
        name = self.name
        if self.calls:
            self.calls -= 1
            if not self.calls:
                self.name = ""
        return name

    def as_json(self) -> dict[str, object]:
        """As the control call shows it."""
        return asdict(self)
