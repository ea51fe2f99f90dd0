"""The app as Django sees it; at start it makes its kind known."""

from django.apps import AppConfig


class FourthLinkageConfig(AppConfig):
    name = "tests.fourth_linkage"

    def ready(self) -> None:
        from tests.fourth_linkage.kind import KIND
        from workflows import kinds

        kinds.register(KIND)
