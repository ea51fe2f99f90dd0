"""The long jobs of the appraisal: load a bureau's folder, named on the command line or sent by a page."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from appraisal.loading.folder import BadFolder, load_folder
from appraisal.loading.problems import Problem
from appraisal.permissions import holds_at_the_top
from people.models import Account
from people.refusals import Unfit
from people.roles import Role
from workflows import exports, job_files, jobs
from workflows.models import Job

LOAD, LOAD_FILES = "load_bureau", "load_files"
STOPPED = gettext_lazy("没有导入任何一行。取消或中断的可以继续；文件有错的，请改好后重新导入。")


def may_load(account: Account, args: Mapping[str, Any]) -> bool:
    """The command line alone names a folder of the machine."""
    return account.is_machine and account.holds(Role.SYSTEM)


def may_load_files(account: Account, args: Mapping[str, Any]) -> bool:
    """A load is the whole bureau's; before the first one there is nobody but the administrator."""
    return holds_at_the_top(account, Role.HR, Role.ADMINISTRATOR)


def load(order: jobs.Order) -> dict[str, Any]:
    return load_from(order, Path(order.args["folder"]))


def load_files(order: jobs.Order) -> dict[str, Any]:
    """From a copy on the worker's own disk, gone when it ends."""
    if job_files.handed_in(order.job) != order.args["files"]:
        raise Unfit(_("上传的文件已经清除，请重新上传。"))
    with TemporaryDirectory() as folder:
        job_files.write_out(order.job, Path(folder))
        return load_from(order, Path(folder))


def load_from(order: jobs.Order, folder: Path) -> dict[str, Any]:
    job_files.drop(order.job)
    try:
        merged = load_folder(folder, tell=order.tell, actor=order.actor)
    except BadFolder as bad:
        keep(order.job, bad.problems)
        count = len(bad.problems)
        words = ngettext("文件里有 %(count)d 处错误", "文件里有 %(count)d 处错误", count)
        raise Unfit(words % {"count": count}) from bad
    return {one.name: one.figures() for one in merged}


def keep(job: Job, problems: Sequence[Problem]) -> None:
    """Everything that is wrong, as the job's file: for the one who loads, and not for ever, for it quotes the lines."""
    head = [_("文件"), _("行"), _("列"), _("问题"), _("应为")]
    rows = ([one.file, str(one.line or ""), one.column, one.wrong, one.expected] for one in problems)
    name = _("导入错误")
    with TemporaryFile() as file:
        exports.write(file, "csv", name, head, rows)
        file.seek(0)
        kept = exports.file_name("csv", name)
        job_files.keep(job, name=kept, content_type=exports.FORMATS["csv"], content=file)


def said(job: Job) -> str:
    added = sum(figures["added"] for figures in job.result.values())
    changed = sum(figures["changed"] for figures in job.result.values())
    return _("已导入：新增 %(added)d 行，更改 %(changed)d 行。") % {"added": added, "changed": changed}


def title(args: Mapping[str, Any]) -> str:
    return _("导入 %(folder)s") % {"folder": Path(args["folder"]).name}


def title_of_files(args: Mapping[str, Any]) -> str:
    count = len(args["files"])
    return ngettext("导入上传的 %(count)d 个文件", "导入上传的 %(count)d 个文件", count) % {"count": count}


def register() -> None:
    """Called from the app's `ready`."""
    shared: dict[str, Any] = {"said": said, "stopped": STOPPED, "problems": True}
    jobs.register(jobs.JobKind(name=LOAD, title=title, may=may_load, run=load, **shared))
    jobs.register(
        jobs.JobKind(
            name=LOAD_FILES,
            title=title_of_files,
            may=may_load_files,
            run=load_files,
            link=lambda job: reverse("appraisal:cycles"),
            **shared,
        )
    )
