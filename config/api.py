"""The addresses of the API: every app's router, and the schema for those who are signed in."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

import appraisal.api
import linkage.api
import people.api
import workflows.api
import workflows.api_receipts

router = SimpleRouter()
for app in (people.api, workflows.api, appraisal.api, linkage.api):
    router.registry.extend(app.router.registry)
router.register("receipts", workflows.api_receipts.Receipts)

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("steps/<slug:kind>/<slug:step>/", workflows.api.Steps.as_view(), name="steps"),
    path("", include(router.urls)),
]
