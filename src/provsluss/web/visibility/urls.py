"""Åtkomst: the list, one member of staff, one group, one test activity."""

from django.urls import path

from provsluss.web.visibility import of_one, pages

urlpatterns = [
    path("register/atkomst/", pages.access, name="access"),
    path("register/atkomst/excel/", pages.export, name="access_export"),
    path("register/personer/<uuid:pk>/atkomst/", of_one.person_access, name="person_access"),
    path("register/grupper/<uuid:pk>/atkomst/", of_one.group_access, name="group_access"),
    path("provaktiviteter/<uuid:pk>/atkomst", pages.test_activity_access, name="test_activity_access"),
    path("provaktiviteter/<uuid:pk>/atkomst/excel", pages.export_test_activity, name="test_activity_access_export"),
]
