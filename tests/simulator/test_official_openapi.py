"""The simulator against Skolverket's own OpenAPI files: whatever is sent, the answers keep to them."""

from collections.abc import Callable

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.fixtures.shared import REPOSITORY
from tests.simulator.conftest import QUICK
from tests.simulator.huvudman import PROVISIONING, Huvudman, activity, duty, group, person, staff

FILES = REPOSITORY.parent / "shared" / "skolverket"
OPEN_DATA = "/open-data/v1"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
BOUNDED = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


if not FILES.is_dir():
    pytest.skip("Skolverket's own files are not beside the checkout (../shared)", allow_module_level=True)

provisioning = schemathesis.openapi.from_path(FILES / "dnp-provisioning-api.yaml")
open_data = schemathesis.openapi.from_path(FILES / "provisioning-data-api.yaml")


@pytest.fixture(scope="module")
def conforming(start_simulator: Callable[..., str]) -> Huvudman:
    """Uses a simulator whose X-RateLimit-Reset is the integer of the schema, not the 0.5 of the example."""
    return Huvudman(start_simulator(*QUICK, "--no-fractional-reset"))


def held_to_schema(huvudman: Huvudman, api: str, case: schemathesis.Case) -> schemathesis.Response:
    """Calls an API of the simulator and checks its answer against the official file."""
    headers = {"Authorization": f"Bearer {huvudman.token}"}
    return case.call_and_validate(base_url=f"{huvudman.base}{api}", headers=headers, checks=CHECKS)


@provisioning.parametrize()
@BOUNDED
def test_any_call_of_the_provisioning_api(conforming: Huvudman, case: schemathesis.Case) -> None:
    held_to_schema(conforming, PROVISIONING, case)


@open_data.parametrize()
@BOUNDED
def test_any_call_of_the_open_data_api(conforming: Huvudman, case: schemathesis.Case) -> None:
    held_to_schema(conforming, OPEN_DATA, case)


def test_objects_that_were_stored_come_back_as_the_schema_says(conforming: Huvudman) -> None:
    named = person(familyName="Karlsson", eduPersonPrincipalNames=["karlsson@edu.exempel.se"], middleName="Ylva")
    unknown, pupil, teacher = person(), person(securityMarking="Ingen"), staff()
    role, team, form = duty(teacher), group(pupil, unknown), group(pupil, groupType="Klass")
    lesson = activity(team, teachers=[{"duty": {"id": role["id"]}}])
    bad = person(civicNo={"value": "1"})
    everything = {
        "persons": [named, pupil, teacher, bad],
        "duties": [role, duty(unknown)],
        "groups": [team, form],
        "activities": [lesson],
    }
    statuses = set()
    for kind, objects in everything.items():
        accepted = conforming.post(kind, *objects)
        statuses |= {item["response"]["status"] for item in conforming.finished(accepted)}
        job, stored = {"id": accepted.json()["jobId"]}, {"id": objects[0]["id"]}
        lookup = provisioning[f"/{kind}/lookup"]["POST"]
        answers = [
            held_to_schema(conforming, PROVISIONING, case)
            for case in (
                provisioning[f"/{kind}/bulk/jobs/{{id}}"]["GET"].Case(path_parameters=job),
                provisioning[f"/{kind}/bulk/jobs/{{id}}/isCompleted"]["GET"].Case(path_parameters=job),
                provisioning[f"/{kind}"]["GET"].Case(),
                provisioning[f"/{kind}/{{id}}"]["GET"].Case(path_parameters=stored),
                lookup.Case(body={"ids": [objects[0]["id"]]}, media_type="application/json"),
            )
        ]
        assert [answer.status_code for answer in answers] == [200] * 5
        assert objects[0]["id"] in answers[-1].text
    assert statuses == {"Success", "Warning", "Error"}


def test_school_units_organisations_and_programmes_are_shown_as_the_schema_says(conforming: Huvudman) -> None:
    for path, code in (
        ("/organisations/code/{code}", "2120009945"),
        ("/organisations/code/{code}", "2120009952"),
        ("/schoolUnits/code/{code}", "31279295"),
        ("/schoolUnits/code/{code}", "90099901"),
        ("/programmes/code/{code}", "TEFRA9"),
    ):
        case = open_data[path]["GET"].Case(path_parameters={"code": code}, query={"expandSchoolUnits": "true"})
        assert held_to_schema(conforming, OPEN_DATA, case).status_code == 200, code
