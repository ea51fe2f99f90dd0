"""The composition of the product: shell, addresses, supervisor."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Make the Celery application the one to which every process sends its tasks."""
        import config.celery  # noqa: F401
