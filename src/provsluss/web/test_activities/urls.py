"""Provaktiviteter: the list, one of them, and sending it."""

from django.urls import path

from provsluss.web.test_activities import form, one, pages, send
from provsluss.web.test_activities.archive import archive
from provsluss.web.test_activities.unsent import activate

urlpatterns = [
    path("provaktiviteter/", pages.test_activities, name="test_activities"),
    path("provaktiviteter/excel", pages.export, name="test_activities_export"),
    path("provaktiviteter/skicka", send.send_all, name="test_activities_send"),
    path("provaktiviteter/aktivera", activate, name="test_activities_activate"),
    path("provaktiviteter/ny", form.create, name="test_activity_create"),
    path("provaktiviteter/<uuid:pk>/", one.transfer_tab, name="test_activity"),
    path("provaktiviteter/<uuid:pk>/grupper", one.groups_tab, name="test_activity_groups"),
    path("provaktiviteter/<uuid:pk>/grupper/excel", one.export_groups, name="test_activity_groups_export"),
    path("provaktiviteter/<uuid:pk>/historik", one.history_tab, name="test_activity_history"),
    path("provaktiviteter/<uuid:pk>/andra", form.change, name="test_activity_change"),
    path("provaktiviteter/<uuid:pk>/arkivera", archive, name="test_activity_archive"),
    path("provaktiviteter/<uuid:pk>/lage", one.set_state, name="test_activity_state"),
    path("provaktiviteter/<uuid:pk>/skicka", send.send, name="test_activity_send"),
    path("provaktiviteter/<uuid:pk>/steg", one.steps_fragment, name="test_activity_steps"),
    path("historik/overforing/<int:pk>/kor-om", send.run_again, name="transfer_run_again"),
    path("provaktiviteter/overforing/<int:pk>/avbryt", send.cancel, name="transfer_cancel"),
    path("provaktiviteter/overforing/<int:pk>/ateruppta", send.resume, name="transfer_resume"),
]
