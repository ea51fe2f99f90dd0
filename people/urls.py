"""The addresses of people: sign-in, accounts, persons, units."""

from django.urls import URLPattern

app_name = "people"
urlpatterns: list[URLPattern] = []
