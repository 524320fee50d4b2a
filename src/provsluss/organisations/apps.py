"""Django's entry for the app of huvudmän and users."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "provsluss.organisations"
    label = "organisations"
