"""The addresses of work: the desk, cases and their steps, messages, operations."""

from django.urls import path

from workflows.views import cases, desk, messages, operations, steps

app_name = "workflows"
urlpatterns = [
    path("", desk.my_desk, name="desk"),
    path("cases/", cases.case_list, name="cases"),
    path("cases/step/", steps.take_step_for_many, name="bulk"),
    path("cases/<uuid:case_id>/", cases.case_page, name="case"),
    path("cases/<uuid:case_id>/<slug:name>/", steps.take_step, name="step"),
    path("messages/", messages.inbox, name="messages"),
    path("messages/read/", messages.mark_read, name="mark_read"),
    path("operations/", operations.overview, name="operations"),
    path("operations/replay/", operations.replay, name="replay"),
]
