"""Inställningar: huvudman, anslutning, skolenheter, nationella prov, användare, ändringar."""

from django.urls import path

from provsluss.web.settings import catalogue, connection_page, decisions, organisation_settings, unknown_codes, users
from provsluss.web.settings.protection_settings import confirm_protection

urlpatterns = [
    path("", organisation_settings.settings_page, name="settings"),
    path("miljo/", organisation_settings.environment, name="environment"),
    path("skyddade/", confirm_protection, name="protection_confirmed"),
    path("anslutning/", connection_page.connection, name="connection"),
    path("anslutning/skolverket/", connection_page.outside, name="connection_outside"),
    path("skolenheter/", catalogue.catalogue, name="catalogue"),
    path("skolenheter/excel/", catalogue.export_units, name="catalogue_export"),
    path("skolenheter/hamta/", catalogue.refresh_now, name="catalogue_refresh"),
    path("nationella-prov/", catalogue.national_tests_page, name="national_tests"),
    path("nationella-prov/excel/", catalogue.export_tests, name="national_tests_export"),
    path("svarskoder/", unknown_codes.unknown_codes, name="unknown_codes"),
    path("svarskoder/excel/", unknown_codes.export, name="unknown_codes_export"),
    path("andringar/", decisions.decisions, name="decisions"),
    path("andringar/excel/", decisions.export, name="decisions_export"),
    path("anvandare/", users.users, name="users"),
    path("anvandare/<int:pk>/skyddade/", users.set_sees_protected, name="user_sees_protected"),
    path("anvandare/excel/", users.export, name="users_export"),
]
