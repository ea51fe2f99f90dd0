"""The addresses of the appraisal."""

from django.urls import path

from appraisal.views import cycles, facts, loading, mine, objections, results

app_name = "appraisal"
urlpatterns = [
    path("", cycles.show_cycles, name="cycles"),
    path("new/", cycles.new_cycle, name="cycle_new"),
    path("load/", loading.load, name="load"),
    path("load/tables.zip", loading.empty_tables, name="empty_tables"),
    path("mine/", mine.show_mine, name="mine"),
    path("cycles/<str:code>/", cycles.show_cycle, name="cycle"),
    path("cycles/<str:code>/steps/<slug:name>/", cycles.take_step, name="step"),
    path("cycles/<str:code>/findings.<str:form>", cycles.export_findings, name="findings_export"),
    path("cycles/<str:code>/results/", results.show_results, name="results"),
    path("cycles/<str:code>/results.<str:form>", results.export_results, name="results_export"),
    path("cycles/<str:code>/results/<str:subject>/", results.show_result, name="result"),
    path("facts/<str:subject>/", facts.show_facts, name="facts"),
    path("facts/<str:subject>/<int:pk>/", facts.change_fact, name="fact"),
    path("results/<int:pk>/objection/", objections.object_to_result, name="object_to_result"),
    path("cases/<uuid:pk>/objection/", objections.object_to_case, name="object_to_case"),
]
