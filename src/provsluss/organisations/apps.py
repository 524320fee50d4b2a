from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "provsluss.organisations"
    label = "organisations"
