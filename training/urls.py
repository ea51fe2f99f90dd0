"""The addresses of training."""

from django.urls import path, re_path

from training.views import classes, demand, marks, plans

app_name = "training"
urlpatterns = [
    path("lists/", classes.class_list, name="lists"),
    path("demand/", demand.demand, name="demand"),
    path("classes/new/", classes.new_class, name="new_class"),
    path("classes/<int:key>/", classes.class_page, name="class"),
    path("classes/<int:key>/issue/", classes.issue, name="issue"),
    path("classes/<int:key>/marks/", marks.marks, name="marks"),
    path("classes/<int:key>/sign-in/", classes.sign_in_sheet, name="sign_in"),
    path("classes/<int:key>/lists/<int:version>/confirm/", classes.confirm, name="confirm"),
    re_path(
        r"^classes/(?P<key>\d{1,9})/lists/(?P<version>\d{1,5})\.(?P<suffix>xlsx|csv)$",
        classes.download,
        name="download",
    ),
    path("my-plan/", plans.my_plan, name="my_plan"),
    path("plans/<uuid:case_id>/", plans.plan_page, name="plan"),
    path("plans/<uuid:case_id>/check-in/", plans.add_check_in, name="check_in"),
]
