"""The composition of the product: shell, addresses, supervisor."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Make the Celery application the one to which every process sends its tasks, and the checks known; settle."""
        import config.celery
        import config.checks  # noqa: F401
        from config import memory

        memory.settle()
