"""What is removed at Skolverket: review, undo, what is kept, limits."""

from django.urls import path

from provsluss.web.removals import kept, limits, review, undo

urlpatterns = [
    path("historik/overforing/<int:pk>/angra", undo.undo, name="removal_undo"),
    path("historik/granskning/<int:pk>/", review.removal_review, name="removal_review"),
    path("historik/granskning/<int:pk>/beslut", review.decide, name="removal_decide"),
    path("historik/granskning/<int:pk>/excel", review.export, name="removal_review_export"),
    path("historik/behalls/", kept.kept_objects, name="kept_objects"),
    path("historik/behalls/excel", kept.export, name="kept_objects_export"),
    path("historik/behalls/slapp", kept.release, name="kept_objects_release"),
    path("installningar/skyddsgrans/", limits.removal_limits, name="removal_limits"),
]
