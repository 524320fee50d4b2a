"""`provsluss send --person`: by EPPN or id, as JSON, and what it refuses."""

from collections.abc import Callable

import pytest

from tests.engine.installation import ORGANISATION, Installation
from tests.fixtures.processes import Start


@pytest.fixture(scope="module")
def here(
    tmp_path_factory: pytest.TempPathFactory, start_simulator: Callable[..., str], start_process: Start
) -> Installation:
    """An installation with a school of three pupils, who are all at the simulator."""
    here = Installation(tmp_path_factory.mktemp("one_person") / "data", start_simulator("--delay", "0.1"))
    here.demand_tables()
    made = start_process("-m", "tests.engine.schools", f"{ORGANISATION}=3", environment=here.environment)
    made.wait_until_prints("made")
    here.run("send", "--organisation", ORGANISATION, "--wait")
    return here


def _pupil(here: Installation) -> tuple[str, str]:
    """Id and EPPN of a pupil."""
    pk, eppn = here.rows("SELECT id, eppn FROM register_person WHERE role = 'pupil' ORDER BY id")[0]
    return f"{pk[:8]}-{pk[8:12]}-{pk[12:16]}-{pk[16:20]}-{pk[20:]}", eppn


@pytest.mark.parametrize("by", ["id", "eppn"])
def test_what_is_there_already_is_sent_when_asked_for(here: Installation, by: str) -> None:
    named = dict(zip(("id", "eppn"), _pupil(here), strict=True))[by]

    nothing = here.json("send", "--organisation", ORGANISATION, "--person", named, "--wait")
    sent = here.json("send", "--organisation", ORGANISATION, "--person", named, "--anyway", "--wait")

    assert nothing["transfer"] is None
    assert nothing["state"] == "done"
    assert "har redan samma uppgifter" in nothing["message"]
    assert {count for jobs in nothing["jobs"].values() for count in jobs.values()} == {0}
    assert sent["state"] == "done"
    assert [sent["jobs"][kind]["sent"] for kind in ("persons", "duties", "groups", "activities")] == [1, 0, 2, 1]


def test_nothing_new_is_said_in_words_too(here: Installation) -> None:
    said = here.run("send", "--organisation", ORGANISATION, "--person", _pupil(here)[1])

    assert "Skicka ändå med --anyway." in said


def test_who_is_not_there_or_not_wanted_is_refused(here: Installation) -> None:
    ((unwanted,),) = here.rows("SELECT eppn FROM register_person WHERE given_name = 'Karl'")

    unknown = here.refusal("send", "--organisation", ORGANISATION, "--person", "nobody@exempel.se")
    reason = here.refusal("send", "--organisation", ORGANISATION, "--person", unwanted)
    both = here.refusal("send", "--organisation", ORGANISATION, "--person", unwanted, "--test-activity", "GRGRMAT01_6")

    assert "ingen person med det EPPN:et" in unknown
    assert "nobody" not in unknown
    assert "Kurator skickas inte av sig själv" in " ".join(reason.split())
    assert "inte båda" in both


def test_tests_that_were_never_sent_are_skipped_and_told_of(here: Installation) -> None:
    _, eppn = _pupil(here)
    here.execute("DELETE FROM transfers_accepted WHERE kind = 'activities'")  # as if no test had been sent

    def sent(*more: str) -> dict[str, int]:
        answer = here.json("send", "--organisation", ORGANISATION, "--person", eppn, "--anyway", "--wait", *more)
        return {kind: answer["jobs"][kind]["sent"] for kind in ("persons", "groups", "activities")}

    assert sent() == {"persons": 1, "groups": 0, "activities": 0}
    assert sent("--unsent-tests") == {"persons": 1, "groups": 2, "activities": 1}
