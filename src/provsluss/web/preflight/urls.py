"""Kontroll: all, and of one test activity."""

from django.urls import path

from provsluss.web.preflight import pages

urlpatterns = [
    path("kontroll/", pages.control, name="control"),
    path("kontroll/pagar", pages.progress, name="control_progress"),
    path("kontroll/igen", pages.renew, name="control_renew"),
    path("kontroll/excel", pages.export, name="control_export"),
    path("kontroll/orsak/<int:pk>", pages.cause, name="control_cause"),
    path("provaktiviteter/<uuid:pk>/kontroll", pages.control_tab, name="test_activity_control"),
]
