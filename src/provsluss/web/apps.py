"""Django's entry for the pages."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class WebConfig(AppConfig):
    name = "provsluss.web"
    label = "web"

    def ready(self) -> None:
        """Every connection of SQLite learns to sort as Swedes do."""
        from provsluss.web.frame.swedish_order import teach_sqlite

        connection_created.connect(teach_sqlite, dispatch_uid="swedish order")
