"""Every check that rules.md section 7 names has a function and a test. The table is the record of it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from provsluss.rules import (
    activities,
    civic_numbers,
    cross_object,
    duties,
    enrolments,
    finished_payloads,
    groups,
    login_names,
    persons,
    protection,
    school_units,
)
from provsluss.ss12000 import records
from tests.rules import (
    test_activities,
    test_civic_numbers,
    test_duties,
    test_enrolments,
    test_finished_payloads,
    test_groups,
    test_login_names,
    test_objects_together,
    test_persons,
    test_protection,
)

Test = Callable[..., None]


class Covered(NamedTuple):
    """The functions (or records, where the type itself refuses) that make a check, and the tests of it."""

    by: list[Callable[..., Any]]
    tests: list[Test]


HARD_ERRORS: dict[str, Covered] = {
    "P1": Covered(
        [persons.person_id, persons.given_name, persons.family_name, civic_numbers.civic_number_findings],
        [
            test_persons.test_a_missing_name_is_an_error,
            test_persons.test_an_id_that_skolverket_cannot_use_is_an_error,
            test_civic_numbers.test_a_missing_number_is_an_error,
        ],
    ),
    "P3": Covered(
        [login_names.login_name_findings, login_names.exactly_one_eppn],
        [test_login_names.test_none_is_an_error, test_login_names.test_several_or_a_stray_blank_is_an_error],
    ),
    "P10–P11 format": Covered(
        [civic_numbers.civic_number_findings, civic_numbers.written_as_skolverket_wants],
        [
            test_civic_numbers.test_what_is_no_number_is_an_error,
            test_civic_numbers.test_every_tf_number_passes_in_capitals_only,
            test_civic_numbers.test_other_spellings_are_not_what_skolverket_takes,
        ],
    ),
    "P13": Covered(
        [finished_payloads.nationality], [test_finished_payloads.test_another_nationality_than_se_is_an_error]
    ),
    "P17 (staff e-mail)": Covered(
        [persons.staff_has_email, persons.form_of_email],
        [
            test_persons.test_staff_needs_an_email_and_pupils_do_not,
            test_persons.test_an_email_that_is_none_is_an_error,
        ],
    ),
    "P21 context": Covered(
        [finished_payloads.external_identifier, login_names.eduid_findings],
        [
            test_finished_payloads.test_another_context_than_eduid_is_an_error,
            test_login_names.test_eduid_of_staff,
        ],
    ),
    "E1–E4": Covered(
        [enrolments.school_unit, enrolments.school_type, enrolments.school_year, enrolments.education_code],
        [
            test_enrolments.test_the_school_unit,
            test_enrolments.test_an_unknown_school_type_is_an_error,
            test_enrolments.test_a_year_is_needed_in_compulsory_school,
            test_enrolments.test_the_programme,
        ],
    ),
    "D1/D3": Covered(
        [duties.has_person, duties.school_unit, duties.known_role],
        [
            test_duties.test_a_duty_needs_an_id_and_a_person,
            test_duties.test_the_school_unit,
            test_duties.test_other_roles_are_an_error,
        ],
    ),
    "G1–G2": Covered(
        [groups.name, groups.school_type, groups.school_unit, groups.group_type],
        [test_groups.test_what_is_required, test_groups.test_other_groups_are_an_error],
    ),
    "A1–A3": Covered(
        [
            activities.name,
            activities.has_groups,
            activities.school_unit,
            records.Activity,
            activities.national_test,
        ],
        [
            test_activities.test_what_is_required,
            test_finished_payloads.test_the_records_refuse_email_types_and_activity_types_that_skolverket_does_not_support,
            test_activities.test_the_test_is_one_of_skolverkets,
        ],
    ),
    "payload size": Covered(
        [finished_payloads.size], [test_finished_payloads.test_an_object_that_fits_in_no_call_is_an_error]
    ),
    "references (T4)": Covered(
        [duties.has_person, groups.knows_members, activities.has_groups],
        [
            test_duties.test_a_duty_needs_an_id_and_a_person,
            test_groups.test_members_that_cannot_be_referred_to_are_counted,
            test_activities.test_what_is_required,
        ],
    ),
    ">1 Klass per pupil": Covered(
        [cross_object.several_classes], [test_objects_together.test_a_pupil_in_two_classes_is_an_error]
    ),
    ">1 enrolment (GR/SP/SAM/GY)": Covered(
        [enrolments.one_enrolment],
        [
            test_enrolments.test_two_standing_enrolments_are_an_error,
            test_enrolments.test_adult_education_may_have_several,
        ],
    ),
}

WARNINGS: dict[str, Covered] = {
    "3047 predicate": Covered(
        [login_names.eppn_like_name],
        [
            test_login_names.test_three_letters_of_the_family_name_give_the_warning_in_any_case,
            test_login_names.test_two_letters_of_each_name_give_the_warning,
            test_login_names.test_diacritics_hyphens_and_several_surnames_as_we_have_chosen,
        ],
    ),
    "name length >64": Covered(
        [persons.length_of_given_names, persons.length_of_family_name],
        [
            test_persons.test_given_and_middle_name_share_64_characters,
            test_persons.test_the_family_name_has_64_characters,
        ],
    ),
    "kontrollsiffra on samordningsnummer": Covered(
        [civic_numbers.check_digit],
        [test_civic_numbers.test_a_samordningsnummer_with_a_wrong_last_digit_is_only_a_warning],
    ),
    "no Rektor/Skoladministratör per skolenhet": Covered(
        [cross_object.unit_without_leader],
        [test_objects_together.test_a_school_unit_without_rektor_and_skoladministrator_is_a_warning],
    ),
    "undervisningsgrupp without Activity": Covered(
        [cross_object.group_without_test], [test_objects_together.test_a_teaching_group_without_a_test_is_a_warning]
    ),
    "Activity without teachers": Covered([activities.has_teachers], [test_activities.test_no_teacher_is_a_warning]),
    "pupil without undervisningsgrupp": Covered(
        [cross_object.pupils_without_test], [test_objects_together.test_a_pupil_in_no_group_with_a_test_is_a_warning]
    ),
    "skolform/årskurs mismatch with provaktivitet": Covered(
        [activities.pupils_fit_the_test],
        [
            test_activities.test_pupils_whom_the_test_is_not_for_are_counted,
            test_activities.test_whom_a_test_is_meant_for,
        ],
    ),
    "dnpStatus false/Expired unit": Covered(
        [school_units.unit_stands, school_units.unit_takes_tests, school_units.unit_has_school_type],
        [
            test_enrolments.test_the_school_unit,
            test_enrolments.test_a_school_type_or_year_that_the_unit_does_not_have_is_a_warning,
        ],
    ),
    "e-mail type not Skola elev/personal": Covered(
        [records.Email],
        [
            test_finished_payloads.test_the_records_refuse_email_types_and_activity_types_that_skolverket_does_not_support
        ],
    ),
    "same EPPN in two persons or in both roles": Covered(
        [cross_object.shared_eppn],
        [
            test_objects_together.test_an_eppn_that_two_pupils_share_is_a_warning_on_both,
            test_objects_together.test_an_eppn_in_both_roles_is_a_warning_on_both,
        ],
    ),
    "protected person without AP set-up confirmed": Covered(
        [protection.unprepared_person, protection.unprepared_organisation],
        [test_protection.test_protected_persons_are_held_back_and_it_is_said_what_is_missing],
    ),
    "unmatched TF→pnr change": Covered(
        [cross_object.exchanged_number],
        [test_objects_together.test_a_tf_number_that_seems_exchanged_for_a_personnummer],
    ),
}


BESIDES: dict[str, Covered] = {
    "P1 (looks like a name)": Covered(
        [persons.names_look_like_names], [test_persons.test_what_does_not_look_like_a_name_is_a_warning]
    ),
    "P5": Covered(
        [login_names.form_of_eppn],
        [
            test_login_names.test_what_lacks_a_part_is_an_error,
            test_login_names.test_an_odd_domain_is_a_warning,
            test_login_names.test_what_stands_around_it_is_a_warning,
            test_login_names.test_whatever_stands_there_is_one_eppn_or_pointed_out,
        ],
    ),
    "P6": Covered(
        [login_names.eppn_with_civic_number], [test_login_names.test_a_personnummer_in_the_name_is_a_warning]
    ),
    "P15 (personnummer)": Covered(
        [civic_numbers.check_digit],
        [test_civic_numbers.test_every_right_personnummer_passes_and_every_other_last_digit_is_an_error],
    ),
    "P14 (year of birth)": Covered(
        [civic_numbers.plausible_birth], [test_civic_numbers.test_a_year_of_birth_that_cannot_be_is_a_warning]
    ),
    "P17 (private address)": Covered(
        [persons.email_for_work], [test_persons.test_a_private_address_of_staff_is_a_warning]
    ),
    "P18": Covered([persons.known_security_marking], [test_persons.test_an_unknown_marking_is_an_error]),
    "P22": Covered(
        [login_names.eduid_findings], [test_login_names.test_eduid_is_left_out_where_it_is_the_login_itself]
    ),
    "N14 (personnummer)": Covered(
        [cross_object.shared_number],
        [
            test_objects_together.test_one_personnummer_on_two_persons_of_a_role_is_a_warning_and_on_a_pupil_and_staff_is_not
        ],
    ),
    "P23": Covered([persons.in_some_school], [test_persons.test_a_person_at_no_school_gets_a_warning]),
    "P4 (duty of a pupil)": Covered([duties.held_by_staff], [test_duties.test_a_pupil_with_a_duty_is_two_persons]),
    "D2": Covered([cross_object.repeated_duty], [test_objects_together.test_the_same_duty_twice_is_a_warning]),
    "G5": Covered([groups.knows_members], [test_groups.test_members_that_cannot_be_referred_to_are_counted]),
    "G6": Covered(
        [cross_object.same_name, cross_object.group_with_several_tests],
        [
            test_objects_together.test_teaching_groups_of_the_same_name_at_a_school_are_a_warning,
            test_objects_together.test_a_teaching_group_in_two_test_activities_is_a_warning_and_a_class_is_not,
        ],
    ),
    "A3 (list fetched)": Covered(
        [cross_object.unfetched_list_of_tests],
        [test_objects_together.test_a_list_of_tests_that_was_never_fetched_is_a_warning],
    ),
    "G10": Covered([groups.has_members], [test_groups.test_an_empty_group_is_a_warning]),
    "A4": Covered(
        [activities.teachers_of_the_school, activities.ended_duties, activities.one_group],
        [
            test_activities.test_a_teacher_of_another_school_or_who_has_left_is_flagged,
            test_activities.test_several_groups_are_flagged,
        ],
    ),
}
"""What the sections that section 7 points at say besides, and G10, which is ours."""


@pytest.mark.shared
@pytest.mark.parametrize(("heading", "table"), [("Hard errors", HARD_ERRORS), ("Warnings", WARNINGS)])
def test_the_table_names_every_check_of_section_7(shared: Path, heading: str, table: dict[str, Covered]) -> None:
    section = (shared / "skolverket/rules.md").read_text(encoding="utf-8").partition("\n## 7.")[2].partition("\n## ")[0]
    line = re.search(rf"^{heading}: (.+)\.$", section, re.MULTILINE)
    assert line is not None
    assert line[1].split(", ") == list(table)


@pytest.mark.parametrize(("check", "covered"), [*HARD_ERRORS.items(), *WARNINGS.items(), *BESIDES.items()])
def test_every_check_has_a_documented_function_and_a_test(check: str, covered: Covered) -> None:
    assert covered.by, check
    assert covered.tests, check
    assert all(function.__doc__ or isinstance(function, type) for function in covered.by)
    assert all(test.__name__.startswith("test_") for test in covered.tests)
