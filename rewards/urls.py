"""The addresses of rewards."""

from django.urls import path

from rewards import views

app_name = "rewards"
urlpatterns = [path("certificates/<uuid:case_id>/", views.certificate, name="certificate")]
