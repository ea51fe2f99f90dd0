"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path

from config import pages

urlpatterns = [
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("menu/", pages.menu, name="menu"),
    path("", include("people.urls")),
    path("", include("workflows.urls")),
]
