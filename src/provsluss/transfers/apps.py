from django.apps import AppConfig
from django.conf import settings


class TransfersConfig(AppConfig):
    name = "provsluss.transfers"
    label = "transfers"

    def ready(self) -> None:
        """With PostgreSQL there can be many workers; they count their calls together."""
        if not settings.EMBEDDED_DATABASE:
            from provsluss.provtjanst.limits import count_calls_in
            from provsluss.transfers.connection.shared_window import shared_window

            count_calls_in(shared_window)
