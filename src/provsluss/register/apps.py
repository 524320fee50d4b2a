"""Django's entry for the app of the register."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "provsluss.register"
    label = "register"
