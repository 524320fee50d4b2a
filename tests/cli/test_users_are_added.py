"""`provsluss user add`."""

import pytest

from tests.fixtures.command import Command

ADD = ("user", "add", "astrid", "--organisation", "212000-9945", "--password-stdin")


@pytest.fixture
def organisation_added(provsluss: Command) -> None:
    assert provsluss("organisation", "add", "2120009945", "Exempelkommunen").returncode == 0


@pytest.mark.usefixtures("organisation_added")
def test_a_user_gets_access_and_the_password_is_shown_nowhere(provsluss: Command) -> None:
    added = provsluss(*ADD, stdin="korrekt-häst-batteri\n")
    assert added.returncode == 0, added.stderr
    assert "astrid har nu tillgång till Exempelkommunen." in added.stdout
    assert "batteri" not in added.stdout + added.stderr
    again = provsluss(*ADD, stdin="korrekt-häst-batteri\n")
    assert (again.returncode, "Inget ändrades." in again.stdout) == (0, True)


@pytest.mark.usefixtures("organisation_added")
@pytest.mark.parametrize(
    ("password", "reason"),
    [("kort", "12 tecken"), ("password1234", "för vanligt"), ("", "12 tecken"), ("Lösenord2026!", "lätt att gissa")],
)
def test_a_weak_password_is_refused(provsluss: Command, password: str, reason: str) -> None:
    refused = provsluss(*ADD, stdin=f"{password}\n")
    assert refused.returncode == 2
    assert reason in refused.stderr
    assert "Traceback" not in refused.stderr


def test_an_unknown_organisation_is_refused_with_what_to_do(provsluss: Command) -> None:
    refused = provsluss(*ADD, stdin="korrekt-häst-batteri\n")
    assert refused.returncode == 2
    assert "provsluss organisation add 2120009945" in refused.stderr


@pytest.mark.usefixtures("organisation_added")
def test_a_user_may_be_let_see_protected_persons(provsluss: Command) -> None:
    added = provsluss(*ADD, "--sees-protected", stdin="korrekt-häst-batteri\n")
    assert added.returncode == 0, added.stderr
    assert "astrid får se personer med skyddade personuppgifter i Exempelkommunen." in added.stdout
    taken = provsluss(*ADD, "--not-sees-protected", stdin="korrekt-häst-batteri\n")
    assert "astrid får inte längre se personer med skyddade personuppgifter i Exempelkommunen." in taken.stdout
