"""What the demo has from the start: an example huvudman, somebody to log in as, and an imported workbook."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from provsluss.cli.errors import CannotBeDone

if TYPE_CHECKING:
    from provsluss.organisations.models import Organisation, User

ORGANISATION_NUMBER = "2120009945"
ORGANISATION_NAME = "Exempelkommunen"
USER_NAME = "demo"

# Without å, ä and ö, so that any keyboard can type them.
_WORDS = [
    *("boj", "bok", "brygga", "dimma", "ek", "fjord", "flod", "hamn", "havre", "igelkott", "kaj", "kanal", "kanot"),
    *("klippa", "lax", "linde", "lucka", "lyra", "mus", "nejlika", "ormbunke", "port", "regn", "sluss", "snok"),
    *("strand", "tall", "trast", "trut", "udde", "uggla", "vass", "vatten", "vik", "vind", "viol", "vitsippa"),
]


def demand_only_simulator() -> None:
    """Raises CannotBeDone when the data directory has a huvudman that sends anywhere else. Django must be ready."""
    from provsluss.organisations.environments import Environment
    from provsluss.organisations.models import Organisation

    if other := Organisation.objects.exclude(environment=Environment.SIMULATOR).first():
        raise CannotBeDone(
            f"{other.name} använder miljön {other.environment}. Demon körs bara mot simulatorn: "
            "välj en annan datakatalog med PROVSLUSS_DATA_DIR."
        )


def prepare_demo_school(data_dir: Path, pupils: int) -> str:
    """Make whatever is not there yet, and return the password of USER_NAME. Django must be ready.

    Raises CannotBeDone.
    """
    from django_scopes import scope

    from provsluss.organisations.environments import Environment
    from provsluss.organisations.models import Organisation, OrganisationAccess, Preparation, User
    from provsluss.organisations.protection import decide

    organisation, is_new = Organisation.objects.get_or_create(
        number=ORGANISATION_NUMBER, defaults={"name": ORGANISATION_NAME, "environment": Environment.SIMULATOR}
    )
    password = _password(data_dir)
    user, _ = User.objects.get_or_create(username=USER_NAME)
    User.objects.filter(pk=user.pk).update(is_staff=True)  # whoever tries it out runs the system, and sees Drift
    user.refresh_from_db()
    if not user.check_password(password):
        user.set_password(password)
        user.save()
    OrganisationAccess.objects.get_or_create(user=user, organisation=organisation)
    for what in Preparation if is_new else ():
        decide(organisation, what, confirmed=True, user=user)
    with scope(organisation=organisation):
        _import_example(organisation, user, data_dir, pupils)
    return password


def _import_example(organisation: "Organisation", user: "User", data_dir: Path, pupils: int) -> None:
    """Import the example workbook of this size, unless that was the last thing imported."""
    from provsluss.register.models import STORED_STATES, Import

    file_name = f"exempelskola-{pupils}.xlsx"
    latest = Import.objects.filter(state__in=STORED_STATES).order_by("-created_at").first()
    if latest and latest.file_name == file_name:
        return
    from provsluss.operations import after_import
    from provsluss.operations.catalogue import refresh_catalogue
    from provsluss.preflight import request
    from provsluss.register.example import ExampleNotPossible, write_example
    from provsluss.register.imports import imports

    path = data_dir / file_name
    try:
        write_example(path, pupils)
    except ExampleNotPossible as problem:
        raise CannotBeDone(str(problem)) from problem
    with path.open("rb") as file:
        import_run = imports.accept_upload(organisation, user, file, file_name)
    imports.read_import(import_run.pk)
    imports.store_import(import_run.pk)
    import_run.refresh_from_db()
    if import_run.state not in STORED_STATES:
        raise CannotBeDone(f"Exempelskolan kunde inte läsas in: {import_run.message}")
    after_import.follow_import(organisation)
    refresh_catalogue(organisation)
    request.ask_for_control(organisation)


def _password(data_dir: Path) -> str:
    """Five words, made once and kept readable by their owner only."""
    path = data_dir / "demo_password"
    try:
        with path.open("x", encoding="utf-8") as file:
            path.chmod(0o600)
            file.write("-".join(secrets.choice(_WORDS) for _ in range(5)))
    except FileExistsError:
        pass
    return path.read_text("utf-8")
