"""Register, Åtkomst: the list, one member of staff, one group."""

from django.urls import path

from provsluss.web.visibility import of_one as access_of_one
from provsluss.web.visibility import pages as access

urlpatterns = [
    path("atkomst/", access.access, name="access"),
    path("atkomst/excel/", access.export, name="access_export"),
    path("personer/<uuid:pk>/atkomst/", access_of_one.person_access, name="person_access"),
    path("grupper/<uuid:pk>/atkomst/", access_of_one.group_access, name="group_access"),
]
