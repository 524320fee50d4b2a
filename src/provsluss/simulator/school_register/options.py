"""The switches of the simulated register."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from provsluss.simulator.school_register.dirt import DIRT, explanation
from provsluss.simulator.school_register.faults import FAULTS

AUTHENTICATIONS = ("none", "bearer", "header", "client-credentials", "schoolsoft")


@dataclass(frozen=True)
class RegisterOptions:
    """How a register is started."""

    port: int = 8200
    pupils: int = 200
    seed: int = 1
    dirt: tuple[str, ...] = ()
    fault: str = ""
    auth: str = "none"
    secret: str = "hemlig"  # noqa: S105 - of an invented register
    token_life: float = 3600.0
    without: tuple[str, ...] = ()


def options_from(arguments: Sequence[str]) -> RegisterOptions:
    """Reads a command line; leaves the process with a message when a switch is unknown or malformed."""
    parser = argparse.ArgumentParser(
        prog="provsluss simulator --register",
        description="Ett påhittat elevregister som talar SS 12000. Lyssnar bara på den egna datorn.",
        epilog=_explained(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    plain = RegisterOptions()
    parser.add_argument("--port", type=int, default=plain.port, help="Port på 127.0.0.1. 0 väljer en ledig port.")
    parser.add_argument("--pupils", type=int, default=plain.pupils, help="Antal elever.")
    parser.add_argument("--seed", type=int, default=plain.seed, help="Frö: samma frö ger samma skola.")
    parser.add_argument(
        "--dirt", action="append", default=[], choices=[*DIRT, "all"], metavar="SLAG",
        help="Smuts i uppgifterna. Kan anges flera gånger; all för alla.",
    )  # fmt: skip
    parser.add_argument("--fault", default="", choices=["", *FAULTS], metavar="FEL", help="Fel som alla anrop möter.")
    parser.add_argument("--auth", default=plain.auth, choices=AUTHENTICATIONS, help="Hur den som läser släpps in.")
    parser.add_argument("--secret", default=plain.secret, help="Nyckeln eller hemligheten.")
    parser.add_argument(
        "--token-life", type=float, default=plain.token_life, help="Sekunder som ett åtkomstintyg gäller."
    )
    parser.add_argument(
        "--without", action="append", default=[], metavar="DEL",
        help="Del av SS 12000 som saknas, t.ex. activities. Kan anges flera gånger.",
    )  # fmt: skip
    given = vars(parser.parse_args(arguments))
    if given["pupils"] < 1:
        parser.error("--pupils ska vara minst 1.")
    given["dirt"] = tuple(DIRT) if "all" in given["dirt"] else tuple(given["dirt"])
    given["without"] = tuple(given["without"])
    return RegisterOptions(**given)


def _explained() -> str:
    dirt = "\n".join(f"  {name:28}{explanation(name)}" for name in DIRT)
    faults = "\n".join(f"  {name:28}{text}" for name, text in FAULTS.items())
    return (
        f"Smuts (--dirt):\n{dirt}\n\nFel (--fault):\n{faults}\n\n"
        "Medan registret är igång: POST /control/dirt, /control/fault och /control/change; GET /control visar läget."
    )
