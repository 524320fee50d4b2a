"""Kontroll."""

from django.urls import path

from provsluss.web.preflight import pages as control

urlpatterns = [
    path("", control.control, name="control"),
    path("pagar", control.progress, name="control_progress"),
    path("igen", control.renew, name="control_renew"),
    path("excel", control.export, name="control_export"),
    path("orsak/<int:pk>", control.cause, name="control_cause"),
]
