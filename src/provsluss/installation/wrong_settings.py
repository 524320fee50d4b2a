"""Read the settings, and say in Swedish which are wrong: name, value, what it should be, what counts without it."""

import re
from typing import Any

from annotated_types import Ge, Gt, Le, MaxLen
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from provsluss.installation.problem import InstallationProblem
from provsluss.installation.settings_model import InstallationSettings

_SHOWN = 80


class WrongSettings(InstallationProblem):
    """One sentence for each setting that cannot be used."""


def read_settings() -> InstallationSettings:
    """The settings of this process's environment. Raises WrongSettings."""
    try:
        return InstallationSettings()
    except ValidationError as problem:
        # One sentence a setting, also where several things are wrong with it.
        wrong = {str(error["loc"][0]): error for error in reversed(problem.errors(include_url=False))}
        sentences = [_sentence(name, error) for name, error in reversed(wrong.items())]
    raise WrongSettings("\n".join(sentences))  # outside, so that no traceback repeats the values


def _sentence(name: str, error: Any) -> str:
    field = next(one for one in InstallationSettings.model_fields.values() if one.alias == name)
    written = str(error["input"])
    if not written.strip():
        return f"{name} är tom. Skriv ett värde, eller ta bort den: {_without(field)}."
    if not field.repr:
        what = "är felskriven (värdet visas inte, för det kan innehålla ett lösenord)"
    else:
        what = f"är ”{_shown(written)}”"
    should = _should_be(field, error)
    # A whole explanation begins with a capital; the others go on from ours.
    expected = f". {should}" if should[:1].isupper() else f", men ska vara {should}"
    expected += "" if expected.endswith("?") else "."
    return f"{name} {what}{expected} Rätta den, eller ta bort den: {_without(field)}."


def _should_be(field: FieldInfo, error: Any) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    kind = "ett heltal" if field.annotation is int else "ett tal" if field.annotation is float else "en text"
    if kind == "ett tal" and "," in str(error["input"]):
        kind = "ett tal med decimalpunkt"
    at_least = next((bound.ge for bound in field.metadata if isinstance(bound, Ge)), None)
    above = next((bound.gt for bound in field.metadata if isinstance(bound, Gt)), None)
    at_most = next((bound.le for bound in field.metadata if isinstance(bound, Le)), None)
    longest = next((bound.max_length for bound in field.metadata if isinstance(bound, MaxLen)), None)
    if longest is not None:
        return f"{kind} på högst {longest} tecken"
    if at_least is not None:
        return f"{kind} från {at_least} till {at_most}"
    return f"{kind} över {above} och högst {at_most}" if above is not None else kind


def _without(field: FieldInfo) -> str:
    if field.description:
        return field.description
    default = field.default
    if isinstance(default, tuple):
        return f"då gäller {','.join(default)}"
    if isinstance(default, float | bool) and default == int(default):
        default = int(default)
    return f"då gäller {default}"


def _shown(value: str) -> str:
    """The value on one line, without what stands where an address has its password, and not endless."""
    shown = re.sub(r"//\S*@", "//***@", value.strip())
    shown = "".join(sign if sign.isprintable() else "�" for sign in shown)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
