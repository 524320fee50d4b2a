"""Förhandsgranska: what a press of the button would do, and afterwards what it did."""

from django.urls import path

from provsluss.web.plans import comparison, export, page, planned_object, send, tab

urlpatterns = [
    path("forhandsgranska", tab.preview_all, name="preview_all"),
    path("<uuid:pk>/forhandsgranska", tab.preview_tab, name="test_activity_preview"),
    path("forhandsgranskning/<int:pk>/", page.plan, name="plan"),
    path("forhandsgranskning/<int:pk>/lage", page.progress, name="plan_progress"),
    path("forhandsgranskning/<int:pk>/excel", export.export, name="plan_export"),
    path("forhandsgranskning/<int:pk>/skicka", send.send, name="plan_send"),
    path("forhandsgranskning/<int:pk>/utfall", comparison.outcome_page, name="plan_outcome"),
    path("forhandsgranskning/<int:pk>/utfall/excel", comparison.export, name="plan_outcome_export"),
    path("forhandsgranskning/objekt/<int:pk>/", planned_object.planned_object, name="planned_object"),
]
