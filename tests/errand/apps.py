"""The app as Django sees it."""

from django.apps import AppConfig


class ErrandConfig(AppConfig):
    name = "tests.errand"
    label = "errand"

    def ready(self) -> None:
        from tests.errand.kind import KIND
        from workflows import kinds

        kinds.register(KIND)
