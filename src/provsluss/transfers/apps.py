from django.apps import AppConfig


class TransfersConfig(AppConfig):
    name = "provsluss.transfers"
    label = "transfers"
