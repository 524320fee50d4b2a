"""Historik: all transfers, one sync job, one object, one call."""

from django.urls import path

from provsluss.web.history import call, calls_export, sync_job, sync_job_export, sync_job_object
from provsluss.web.history import pages as history
from provsluss.web.removals import kept as kept_objects
from provsluss.web.removals import review as removal_review
from provsluss.web.removals import undo as removal_undo
from provsluss.web.test_activities import send

urlpatterns = [
    path("", history.history, name="history"),
    path("excel", history.export, name="history_export"),
    path("overforing/<int:pk>/", history.transfer_fragment, name="history_transfer"),
    path("overforing/<int:pk>/angra", removal_undo.undo, name="removal_undo"),
    path("overforing/<int:pk>/kor-om", send.run_again, name="transfer_run_again"),
    path("granskning/<int:pk>/", removal_review.removal_review, name="removal_review"),
    path("granskning/<int:pk>/beslut", removal_review.decide, name="removal_decide"),
    path("granskning/<int:pk>/excel", removal_review.export, name="removal_review_export"),
    path("behalls/", kept_objects.kept_objects, name="kept_objects"),
    path("behalls/excel", kept_objects.export, name="kept_objects_export"),
    path("behalls/slapp", kept_objects.release, name="kept_objects_release"),
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
