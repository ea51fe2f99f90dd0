"""Long jobs: how far each is, to cancel and to resume it, and the file it made."""

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from people.http import AuthenticatedRequest
from workflows import job_files, jobs, paging
from workflows.models import Job, JobFile, JobState
from workflows.views.desk import part

PER_PAGE = 50
PROBLEMS = 200  # shown on the page; the file has them all


@require_safe
def job_list(request: AuthenticatedRequest) -> HttpResponse:
    """One's own jobs and those of one's units, the newest first."""
    cursor = paging.Cursor(after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    seen = jobs.visible(request.user).select_related("actor__officer").defer("result")
    page = paging.page(seen, cursor, keys=("id",), descending=True, size=PER_PAGE)
    return render(request, "workflows/jobs.html", {"page": page})


@require_safe
def job_page(request: AuthenticatedRequest, number: int) -> HttpResponse:
    """How far it is. Read again every two seconds while it runs; without script by reloading."""
    job = seen(request, number)
    kind, file = jobs.find(job.kind), own_file(request, job)
    faulty = file and kind and kind.problems and job.state == JobState.FAILED
    context = {
        "job": job,
        "may_open": jobs.may_ask(request.user, job),
        "may_steer": jobs.may_steer(request.user, job),
        "file": file,
        "most_problems": PROBLEMS,
        "problems": job_files.rows(file, PROBLEMS) if file and faulty else [],
    }
    return render(request, part(request, "workflows/job.html", "job-progress"), context)


@require_POST
def cancel(request: AuthenticatedRequest, number: int) -> HttpResponse:
    job = steered(request, number)
    if jobs.cancel(job):
        messages.success(request, _("已要求取消；正在做的一段做完或退回后停止。"))
    else:
        messages.error(request, _("没有取消：任务已经结束。"))
    return redirect("workflows:job", number=number)


@require_POST
def resume(request: AuthenticatedRequest, number: int) -> HttpResponse:
    job = steered(request, number)
    if jobs.resume(job):
        messages.success(request, _("已重新排队，从停下的地方继续。"))
    else:
        messages.error(request, _("没有继续：任务没有停下。"))
    return redirect("workflows:job", number=number)


@require_safe
def file(request: AuthenticatedRequest, number: int) -> StreamingHttpResponse:
    """The file, for the one who asked for it and for nobody else: it holds what he may see."""
    found = own_file(request, seen(request, number))
    if found is None:
        raise Http404
    disposition = content_disposition_header(as_attachment=True, filename=found.name) or "attachment"
    headers = {"Content-Disposition": disposition}
    return StreamingHttpResponse(job_files.content(found), content_type=found.content_type, headers=headers)


def own_file(request: AuthenticatedRequest, job: Job) -> JobFile | None:
    return JobFile.objects.filter(job=job, job__actor=request.user).first()


def seen(request: AuthenticatedRequest, number: int) -> Job:
    job = jobs.visible(request.user).select_related("actor__officer").filter(pk=number).first()
    if job is None:
        raise Http404
    return job


def steered(request: AuthenticatedRequest, number: int) -> Job:
    job = seen(request, number)
    if not jobs.may_steer(request.user, job):
        raise Http404
    return job
