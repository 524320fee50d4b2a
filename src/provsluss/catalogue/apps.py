from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "provsluss.catalogue"
    label = "catalogue"
