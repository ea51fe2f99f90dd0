"""The addresses of work: the desk, cases and their steps, messages, operations."""

from django.urls import URLPattern

app_name = "workflows"
urlpatterns: list[URLPattern] = []
