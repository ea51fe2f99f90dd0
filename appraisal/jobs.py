"""The long job of the appraisal: load a bureau's folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from appraisal.loading.folder import BadFolder, load_folder
from people.models import Account
from people.refusals import Unfit
from people.roles import Role
from workflows import jobs
from workflows.models import Job

LOAD = "load_bureau"


def may_load(account: Account, args: Mapping[str, Any]) -> bool:
    """The command line alone names a folder of the machine."""
    return account.is_machine and account.holds(Role.SYSTEM)


def load(order: jobs.Order) -> dict[str, Any]:
    try:
        merged = load_folder(Path(order.args["folder"]), tell=order.tell)
    except BadFolder as bad:
        words = _("共 %(count)s 处错误，没有导入任何一行。不用 --background 再运行一次，可看到每一处。")
        raise Unfit(words % {"count": len(bad.problems)}) from bad
    return {one.name: one.figures() for one in merged}


def said(job: Job) -> str:
    added = sum(figures["added"] for figures in job.result.values())
    changed = sum(figures["changed"] for figures in job.result.values())
    return _("已导入：新增 %(added)d 行，更改 %(changed)d 行。") % {"added": added, "changed": changed}


def register() -> None:
    """Called from the app's `ready`."""
    jobs.register(jobs.JobKind(name=LOAD, title=title, may=may_load, run=load, said=said))


def title(args: Mapping[str, Any]) -> str:
    return _("导入 %(folder)s") % {"folder": Path(args["folder"]).name}
