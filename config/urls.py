"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path

from config import pages
from people.views import signing

urlpatterns = [
    path("admin/", admin.site.urls),
    path("language/", signing.set_language, name="set_language"),
    path("menu/", pages.menu, name="menu"),
    path("", include("people.urls")),
    path("", include("workflows.urls")),
]
