"""Drift."""

from django.urls import path

from provsluss.web.operator import page as operations

urlpatterns = [
    path("", operations.operations, name="operations"),
    path("pausa/", operations.pause, name="queue_pause"),
    path("slapp/", operations.release, name="queue_release"),
]
