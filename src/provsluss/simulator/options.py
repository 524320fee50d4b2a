"""Every switch of the simulator, in one place; the command line is made from this list."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, get_type_hints


def _switch(default: Any, explanation: str) -> Any:
    """A field with its default and the Swedish sentence that `--help` shows; the sentence is the switch's docstring."""
    return field(default=default, metadata={"help": explanation})


@dataclass(frozen=True)
class SimulatorOptions:
    """How a simulator is started. `Faults` (faults.py) holds those that can be changed while it runs."""

    port: int = _switch(8100, "Port på 127.0.0.1. 0 väljer en ledig port.")
    state: str = _switch("", "Fil där allt som tagits emot sparas som JSON. Tomt: bara i minnet.")
    seed: int = _switch(1, "Frö för slumpen, så att samma körning ger samma fel.")

    delay: float = _switch(1.0, "Sekunder innan ett jobb är klart.")
    delay_spread: float = _switch(0.0, "Sekunder som ett jobb tar utöver det, slumpat från 0 till så många.")
    provision_delay: float = _switch(20.0, "Sekunder innan det som lagrats finns i provplattformen.")
    max_bytes: int = _switch(200_000, "Största tillåtna innehåll i ett anrop, i byte. Större ger 413.")
    answer_delay: float = _switch(0.0, "Sekunder som varje svar dröjer.")
    transfer_rate: int = _switch(5, "Anrop per sekund och klient för överföring och jobbstatus. 0 stänger av gränsen.")
    read_rate: int = _switch(10, "Anrop per sekund och klient för hämtning. 0 stänger av gränsen.")
    token_life: float = _switch(36_000.0, "Sekunder som en utfärdad token gäller.")
    fractional_reset: bool = _switch(
        True, "X-RateLimit-Reset med decimaler, som i Skolverkets exempel. Av: heltal, som i deras OpenAPI-schema."
    )

    fail_share: float = _switch(0.0, "Andel anrop (0–1) som får 503.")
    drop_share: float = _switch(
        0.0, "Andel anrop (0–1) där förbindelsen bryts, hälften före och hälften efter utfört anrop."
    )
    html_share: float = _switch(0.0, "Andel anrop (0–1) som får en HTML-sida i stället för JSON.")
    slow_share: float = _switch(0.0, "Andel jobb (0–1) som är långsamma.")
    slow_factor: float = _switch(10.0, "Hur många gånger längre tid ett långsamt jobb tar.")
    never_share: float = _switch(0.0, "Andel jobb (0–1) som aldrig blir klara.")
    forget_share: float = _switch(0.0, "Andel jobb (0–1) som glöms när de är klara: statusfrågan ger 404.")
    partial_share: float = _switch(0.0, "Andel jobb (0–1) vars svar saknar vart fjärde objekt.")
    lost_share: float = _switch(
        0.0, "Andel jobb (0–1) som tappar vart fjärde objekt: det lagras inte och finns inte i svaret."
    )
    lost_ids: tuple[str, ...] = _switch((), "Objekt-id som alltid tappas. Kan anges flera gånger.")
    duplicate_share: float = _switch(0.0, "Andel jobb (0–1) vars svar tar upp vart fjärde objekt två gånger.")
    temporary_share: float = _switch(0.0, "Andel objekt (0–1) som får TemporaryError första gången de skickas.")
    refused_ids: tuple[str, ...] = _switch((), "Objekt-id som alltid nekas. Kan anges flera gånger.")
    down_seconds: float = _switch(0.0, "Sekunder från start som tjänsten ligger nere (503 på allt).")
    storm_seconds: float = _switch(0.0, "Sekunder från start då alla anrop får 429.")


def options_from(arguments: Sequence[str] | None = None) -> SimulatorOptions:
    """Reads a command line into options; leaves the process with a message when a switch is unknown or malformed."""
    parser = argparse.ArgumentParser(
        prog="provsluss simulator",
        description="En övningsversion av Skolverkets provtjänst. Lyssnar bara på den egna datorn.",
    )
    types = get_type_hints(SimulatorOptions)
    for switch in fields(SimulatorOptions):
        name = "--" + switch.name.replace("_", "-")
        explanation = f"{switch.metadata['help']} (förval: {switch.default or 'inget'})"
        if types[switch.name] is bool:
            parser.add_argument(
                name, action=argparse.BooleanOptionalAction, default=switch.default, help=switch.metadata["help"]
            )
        elif types[switch.name] == tuple[str, ...]:
            parser.add_argument(name, action="append", default=[], metavar="ID", help=switch.metadata["help"])
        else:
            parser.add_argument(name, type=types[switch.name], default=switch.default, help=explanation)
    given = vars(parser.parse_args(arguments))
    for name in ("refused_ids", "lost_ids"):
        given[name] = tuple(given[name])
    wrong = _out_of_range(given)
    if wrong:
        parser.error(wrong)
    return SimulatorOptions(**given)


def _out_of_range(given: dict[str, Any]) -> str:
    """The first switch that is outside its range, as a Swedish sentence; empty when all are inside."""
    for name, value in given.items():
        switch = "--" + name.replace("_", "-")
        if name.endswith("_share") and not 0 <= value <= 1:
            return f"{switch} ska vara mellan 0 och 1, men är {value}."
        if isinstance(value, int | float) and value < 0:
            return f"{switch} får inte vara negativt, men är {value}."
    return ""
