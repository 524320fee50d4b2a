"""Förhandsgranska: what a press of the button would do, and afterwards what it did."""

from django.urls import path

from provsluss.web.plans import export as plan_export
from provsluss.web.plans import outcome as plan_outcome
from provsluss.web.plans import page as plan_page
from provsluss.web.plans import planned_object as plan_object
from provsluss.web.plans import send as plan_send
from provsluss.web.plans import tab as plans

urlpatterns = [
    path("forhandsgranska", plans.preview_all, name="preview_all"),
    path("<uuid:pk>/forhandsgranska", plans.preview_tab, name="test_activity_preview"),
    path("forhandsgranskning/<int:pk>/", plan_page.plan, name="plan"),
    path("forhandsgranskning/<int:pk>/lage", plan_page.progress, name="plan_progress"),
    path("forhandsgranskning/<int:pk>/excel", plan_export.export, name="plan_export"),
    path("forhandsgranskning/<int:pk>/skicka", plan_send.send, name="plan_send"),
    path("forhandsgranskning/<int:pk>/utfall", plan_outcome.outcome_page, name="plan_outcome"),
    path("forhandsgranskning/<int:pk>/utfall/excel", plan_outcome.export, name="plan_outcome_export"),
    path("forhandsgranskning/objekt/<int:pk>/", plan_object.planned_object, name="planned_object"),
]
