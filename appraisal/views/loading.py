"""The page on which a bureau's files are sent to be loaded by a job."""

import csv
import io
from collections.abc import Sequence
from zipfile import ZIP_DEFLATED, ZipFile

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from appraisal import jobs, uploads
from appraisal.access import not_found
from appraisal.loading.problems import Problem
from appraisal.models import SchemeWeight
from people.http import AuthenticatedRequest
from workflows import jobs as engine
from workflows.list_exports import home

SHOWN = 5  # of the latest uploads
PROBLEMS = 200  # of an upload that is not taken; there are seldom more than a few


@require_http_methods(["GET", "HEAD", "POST"])
def load(request: AuthenticatedRequest) -> HttpResponse:
    """Take the files, and ask for the job that loads them: all, or with any error none."""
    require_loader(request)
    if request.method != "POST":
        return shown(request, [])
    try:
        upload = uploads.received(request.FILES.getlist("files"))
    except uploads.BadUpload as bad:
        return shown(request, bad.problems)
    args = {"files": sorted(upload.files), "digest": upload.digest}
    job = engine.start(jobs.LOAD_FILES, actor=request.user, args=args, path=home(request.user), files=upload.files)
    return redirect("workflows:job", number=job.pk)


def require_loader(request: AuthenticatedRequest) -> None:
    if not jobs.may_load_files(request.user, {}):
        raise not_found()


def shown(request: AuthenticatedRequest, problems: Sequence[Problem]) -> HttpResponse:
    recent = engine.visible(request.user).filter(kind=jobs.LOAD_FILES).select_related("actor__officer")
    context = {
        "problems": problems[:PROBLEMS],
        "more": max(0, len(problems) - PROBLEMS),
        "tables": tables(),
        "recent": recent.defer("result")[:SHOWN],
        "most_files": uploads.MOST_FILES,
        "most_megabytes": uploads.MOST_BYTES // uploads.MEGABYTE,
    }
    return render(request, "appraisal/load.html", context, status=422 if problems else 200)


def tables() -> list[dict[str, object]]:
    """What each file is for and which columns it has."""
    words = {
        "units.csv": _("单位及其上级"),
        "cycles.csv": _("考核周期"),
        "schemes.csv": _("各岗位的考核指标和权重"),
        "officers.csv": _("民警"),
        "postings.csv": _("任职经历"),
        "facts.csv": _("奖励、处分、请假等事实"),
        "workload.csv": _("逐月工作量"),
        "staffing.csv": _("各单位编制和在岗人数"),
    }
    layouts = uploads.layouts(())
    known = [{"name": name, "words": words[name], "layout": layouts[name]} for name in words]
    results = layouts["results-annual.csv"]
    return [*known, {"name": "results-*.csv", "words": _("考核结果，至少一个；固定列之后是各指标"), "layout": results}]


@require_safe
def empty_tables(request: AuthenticatedRequest) -> HttpResponse:
    """Every file with its header alone, to be filled in."""
    require_loader(request)
    indicators = list(dict.fromkeys(SchemeWeight.objects.values_list("indicator", flat=True)))
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, layout in uploads.layouts(indicators).items():
            text = io.StringIO()
            csv.writer(text).writerow([*layout.columns, *layout.optional])
            archive.writestr(name, text.getvalue().encode("utf-8-sig"))
    headers = {"Content-Disposition": 'attachment; filename="trilink-tables.zip"'}
    return HttpResponse(packed.getvalue(), content_type="application/zip", headers=headers)
