"""Django's entry for the app of transfers; its tables have this label wherever their models stand."""

from django.apps import AppConfig
from django.conf import settings


class TransfersConfig(AppConfig):
    name = "provsluss.transfers"
    label = "transfers"

    def ready(self) -> None:
        """With PostgreSQL there can be many workers; they count their calls together."""
        if not settings.EMBEDDED_DATABASE:
            from provsluss.connection.shared_window import shared_window
            from provsluss.provtjanst.limits import count_calls_in

            count_calls_in(shared_window)
