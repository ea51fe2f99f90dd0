"""The addresses of the talent pool."""

from django.urls import path

from talent_pool import views

app_name = "talent_pool"
urlpatterns = [path("", views.pool, name="pool")]
