from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "provsluss.register"
    label = "register"
