"""Addresses of the linkage's pages."""

from django.urls import path

from linkage import (
    views,
    views_editor,
    views_late,
    views_local,
    views_person,
    views_policies,
    views_register,
    views_reports,
    views_why,
)

app_name = "linkage"

urlpatterns = [
    path("", views.runs, name="runs"),
    path("policies/", views_policies.policies, name="policies"),
    path("policies/new/", views_editor.new, name="policy_new"),
    path("policies/import/", views_editor.bring, name="policy_import"),
    path("policies/compare/", views_policies.compare, name="policy_compare"),
    path("policies/<int:pk>/edit/", views_editor.edit, name="policy_edit"),
    path("policies/<int:pk>/reading/", views_editor.reading, name="policy_reading"),
    path("policies/<int:pk>/words/", views_editor.words, name="policy_words"),
    path("policies/<int:pk>/", views_policies.policy, name="policy"),
    path("policies/<int:pk>/file/", views_policies.file, name="policy_file"),
    path("policies/<int:pk>/steps/<slug:step>/", views_policies.step, name="policy_step"),
    path("decisions/", views_register.register, name="register"),
    path("local/", views_local.branches, name="local"),
    path("local/<str:code>/", views_local.branch, name="local_of"),
    path("reports/", views_reports.reports, name="reports"),
    path("reports/new/", views_reports.make, name="make_report"),
    path("reports/<int:pk>/", views_reports.report, name="report"),
    path("reports/<int:pk>/names/", views_reports.names, name="report_names"),
    path("reports/<int:pk>/near/<int:number>/<slug:side>/", views_reports.near, name="report_near"),
    path("decisions/<int:pk>/", views.decision, name="decision"),
    path("decisions/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("people/<str:badge>/", views_person.person, name="person"),
    path("people/<str:badge>/export/", views_person.export, name="person_export"),
    path("letters/<int:pk>/", views_late.letter, name="letter"),
    path("cases/<uuid:pk>/why/", views_why.why_of_case, name="why_of_case"),
    path("<str:code>/", views.run, name="run"),
    path("<str:code>/evaluate/", views.evaluate, name="evaluate"),
    path("<str:code>/open/", views.open_cases, name="open"),
    path("<str:code>/decisions/", views.decisions, name="decisions"),
    path("<str:code>/export/", views.export, name="export"),
    path("<str:code>/late/", views_late.late_page, name="late"),
    path("<str:code>/late/reevaluate/", views_late.reevaluate, name="reevaluate"),
    path("<str:code>/late/settle/", views_late.settle, name="settle"),
    path("<str:code>/why/", views_why.why, name="why"),
]
