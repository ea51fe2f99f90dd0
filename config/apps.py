"""The composition of the product: shell, addresses, supervisor."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
