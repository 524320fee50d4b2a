"""Lists, lookups and single objects (rules.md T9-T11)."""

from tests.simulator.huvudman import PROVISIONING, Huvudman, duty, person, staff


def test_pages_bring_every_person_once(huvudman: Huvudman) -> None:
    pupils = [person() for _ in range(25)]
    huvudman.sent("persons", *pupils)
    seen: list[str] = []
    token, pages = None, 0
    while pages == 0 or token:
        page = huvudman.get("/persons", limit=10, **({"pageToken": token} if token else {})).json()
        seen += [each["id"] for each in page["data"]]
        token, pages = page["pageToken"], pages + 1
    assert (pages, sorted(seen)) == (3, sorted(each["id"] for each in pupils))


def test_without_a_limit_a_page_has_fifty(huvudman: Huvudman) -> None:
    huvudman.sent("persons", *(person() for _ in range(51)))
    page = huvudman.get("/persons").json()
    assert (len(page["data"]), bool(page["pageToken"])) == (50, True)


def test_a_page_token_survives_that_its_object_is_removed(huvudman: Huvudman) -> None:
    pupils = [person() for _ in range(6)]
    huvudman.sent("persons", *pupils)
    first = huvudman.get("/persons", limit=3).json()
    huvudman.delete("persons", first["data"][-1])
    rest = huvudman.get("/persons", limit=3, pageToken=first["pageToken"]).json()
    assert len({each["id"] for each in first["data"] + rest["data"]}) == 6


def test_a_list_shows_only_part_of_a_person(huvudman: Huvudman) -> None:
    pupil = person(middleName="Ylva", securityMarking="Ingen", emails=[{"value": "a@b.se"}])
    huvudman.sent("persons", pupil)
    [shown] = huvudman.get("/persons").json()["data"]
    assert set(shown) == {
        "id",
        "civicNo",
        "eduPersonPrincipalNames",
        "givenName",
        "middleName",
        "familyName",
        "provisioningStatus",
        "meta",
    }
    assert huvudman.get(f"/persons/{pupil['id']}").json()["enrolments"] == pupil["enrolments"]


def test_lookup_by_id_civic_number_and_eppn(huvudman: Huvudman) -> None:
    first, second, third, fourth = (person() for _ in range(4))
    huvudman.sent("persons", first, second, third, fourth)
    wanted = {
        "ids": [first["id"], first["id"], "3fa85f64-5717-4562-b3fc-2c963f66afa6"],
        "civicNos": [second["civicNo"]["value"], first["civicNo"]["value"], "190001010000"],
        "eduPersonPrincipalNames": [third["eduPersonPrincipalNames"][0], "nobody@nowhere.se"],
    }
    found = huvudman.http.post(f"{PROVISIONING}/persons/lookup", json=wanted).json()
    assert [each["id"] for each in found] == [first["id"], second["id"], third["id"]]
    assert "enrolments" in found[0]


def test_lookup_of_nothing_finds_nothing(huvudman: Huvudman) -> None:
    assert huvudman.http.post(f"{PROVISIONING}/persons/lookup", json={}).json() == []


def test_lookup_of_the_other_kinds_is_by_id(huvudman: Huvudman) -> None:
    teacher = staff()
    role = duty(teacher)
    huvudman.sent("persons", teacher)
    huvudman.sent("duties", role)
    found = huvudman.http.post(f"{PROVISIONING}/duties/lookup", json={"ids": [role["id"]]}).json()
    assert [each["id"] for each in found] == [role["id"]]
