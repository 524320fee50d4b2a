"""Historik: all transfers, one sync job, one object, one call."""

from django.urls import path

from provsluss.web.history import call, calls_export, pages, presence, sync_job, sync_job_export, sync_job_object

urlpatterns = [
    path("", pages.history, name="history"),
    path("excel", pages.export, name="history_export"),
    path("finns-kvar/", presence.presence, name="presence"),
    path("overforing/<int:pk>/", pages.transfer_fragment, name="history_transfer"),
    path("synkjobb/<int:pk>/", sync_job.sync_job, name="sync_job"),
    path("synkjobb/<int:pk>/lage", sync_job.progress, name="sync_job_progress"),
    path("synkjobb/<int:pk>/lista", sync_job.list_fragment, name="sync_job_list"),
    path("synkjobb/<int:pk>/excel", sync_job_export.export, name="sync_job_export"),
    path("objekt/<int:pk>/", sync_job_object.sync_job_object, name="sync_job_object"),
    path("objekt/<int:pk>/personnummer", sync_job_object.civic_number, name="sync_job_object_civic_number"),
    path("synkjobb/<int:pk>/anrop/excel", calls_export.export, name="calls_export"),
    path("anrop/<int:pk>/", call.call, name="call"),
    path("anrop/<int:pk>/omaskerat", call.unmasked, name="call_unmasked"),
]
