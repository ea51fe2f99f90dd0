"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path

from config import health, pages
from people.views import signing

urlpatterns = [
    path("admin/", admin.site.urls),
    path("language/", signing.set_language, name="set_language"),
    path("menu/", pages.menu, name="menu"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("api/", include("config.api")),
    path("my/", include("config.my")),
    path("", include("people.urls")),
    path("appraisal/", include("appraisal.urls")),
    path("linkage/", include("linkage.urls")),
    path("training/", include("training.urls")),
    path("rewards/", include("rewards.urls")),
    path("reserve/", include("talent_pool.urls")),
    path("", include("workflows.urls")),
]
