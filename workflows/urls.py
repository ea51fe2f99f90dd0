"""The addresses of work: the desk, cases and their steps, messages, operations."""

from django.urls import path

from workflows.views import cases, clocks, desk, feeds, jobs, messages, operations, post, receipts, settings, steps

app_name = "workflows"
urlpatterns = [
    path("", desk.my_desk, name="desk"),
    path("cases/", cases.case_list, name="cases"),
    path("cases/step/", steps.take_step_for_many, name="bulk"),
    path("work-items/<slug:act>/", clocks.work, name="work"),
    path("cases/<uuid:case_id>/clock/pause/", clocks.pause, name="pause"),
    path("cases/<uuid:case_id>/clock/resume/", clocks.resume, name="resume"),
    path("cases/<uuid:case_id>/", cases.case_page, name="case"),
    path("cases/<uuid:case_id>/<slug:name>/", steps.take_step, name="step"),
    path("messages/", messages.inbox, name="messages"),
    path("messages/lists/<uuid:key>/", messages.pile, name="pile"),
    path("messages/read/", messages.mark_read, name="mark_read"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<int:number>/", jobs.job_page, name="job"),
    path("jobs/<int:number>/cancel/", jobs.cancel, name="cancel_job"),
    path("jobs/<int:number>/resume/", jobs.resume, name="resume_job"),
    path("jobs/<int:number>/file/", jobs.file, name="job_file"),
    path("operations/", operations.overview, name="operations"),
    path("message-settings/", settings.mine, name="message_settings"),
    path("message-settings/test/", settings.test_mine, name="test_mine"),
    path("message-settings/feed/", settings.feed_mine, name="feed_mine"),
    path("message-settings/desks/", settings.desk_list, name="desk_list"),
    path("message-settings/desks/<slug:role>/<str:code>/", settings.desk, name="desk_settings"),
    path("message-settings/desks/<slug:role>/<str:code>/test/", settings.test_desk, name="test_desk"),
    path("message-settings/desks/<slug:role>/<str:code>/secret/", settings.secret, name="desk_secret"),
    path("message-settings/desks/<slug:role>/<str:code>/feed/", settings.feed_desk, name="feed_desk"),
    path("calendar/<slug:secret>.ics", feeds.feed, name="feed"),
    path("receipts/", receipts.receipt_list, name="receipts"),
    path("operations/delivery/", post.overview, name="post"),
    path("operations/delivery/replay/", post.replay, name="replay_parcels"),
    path("operations/addresses/", post.allow_list, name="addresses"),
    path("operations/addresses/<int:pk>/end/", post.end_address, name="end_address"),
    path("operations/replay/", operations.replay, name="replay"),
]
