from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "provsluss.web"
    label = "web"
