"""Drift."""

from django.urls import path

from provsluss.web.operator import page

urlpatterns = [
    path("", page.operations, name="operations"),
    path("pausa/", page.pause, name="queue_pause"),
    path("slapp/", page.release, name="queue_release"),
]
