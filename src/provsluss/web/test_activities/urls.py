"""Provaktiviteter: the list, one of them, and sending it."""

from django.urls import path

from provsluss.web.preflight.pages import control_tab
from provsluss.web.test_activities import form as test_activity_form
from provsluss.web.test_activities import one as test_activity
from provsluss.web.test_activities import pages as test_activities
from provsluss.web.test_activities import send
from provsluss.web.test_activities.archive import archive
from provsluss.web.test_activities.resting import activate
from provsluss.web.visibility import pages as access

urlpatterns = [
    path("", test_activities.test_activities, name="test_activities"),
    path("excel", test_activities.export, name="test_activities_export"),
    path("skicka", send.send_all, name="test_activities_send"),
    path("aktivera", activate, name="test_activities_activate"),
    path("ny", test_activity_form.create, name="test_activity_create"),
    path("<uuid:pk>/", test_activity.transfer_tab, name="test_activity"),
    path("<uuid:pk>/grupper", test_activity.groups_tab, name="test_activity_groups"),
    path("<uuid:pk>/grupper/excel", test_activity.export_groups, name="test_activity_groups_export"),
    path("<uuid:pk>/atkomst", access.test_activity_access, name="test_activity_access"),
    path("<uuid:pk>/atkomst/excel", access.export_test_activity, name="test_activity_access_export"),
    path("<uuid:pk>/kontroll", control_tab, name="test_activity_control"),
    path("<uuid:pk>/historik", test_activity.history_tab, name="test_activity_history"),
    path("<uuid:pk>/andra", test_activity_form.change, name="test_activity_change"),
    path("<uuid:pk>/arkivera", archive, name="test_activity_archive"),
    path("<uuid:pk>/lage", test_activity.set_state, name="test_activity_state"),
    path("<uuid:pk>/skicka", send.send, name="test_activity_send"),
    path("<uuid:pk>/steg", test_activity.steps_fragment, name="test_activity_steps"),
    path("overforing/<int:pk>/avbryt", send.cancel, name="transfer_cancel"),
    path("overforing/<int:pk>/ateruppta", send.resume, name="transfer_resume"),
]
