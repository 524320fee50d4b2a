"""Django's entry for the app of Skolverket's open data."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "provsluss.catalogue"
    label = "catalogue"
