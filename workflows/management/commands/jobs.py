"""`jobs`: the long jobs and how far they are; `jobs cancel ID`, `jobs resume ID`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from workflows import jobs
from workflows.models import Job

BAD_INPUT = 2
SHOWN = 20


class Command(BaseCommand):
    help = "列出后台任务及进度；jobs cancel ID 取消，jobs resume ID 从停下的地方继续。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", nargs="?", choices=("list", "cancel", "resume"), default="list")
        parser.add_argument("number", nargs="?", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "list":
            for job in Job.objects.order_by("-pk")[:SHOWN]:
                self.stdout.write(line(job))
            return
        job = self._named(options["number"])
        done = jobs.cancel(job) if options["act"] == "cancel" else jobs.resume(job)
        job.refresh_from_db()
        self.stdout.write(line(job))
        if not done:
            raise CommandError(_("没有改动：任务的状态不允许。"), returncode=BAD_INPUT)

    def _named(self, number: int | None) -> Job:
        job = Job.objects.filter(pk=number or 0).first()
        if job is None:
            raise CommandError(_("没有这个任务：%(number)s") % {"number": number}, returncode=BAD_INPUT)
        return job


def line(job: Job) -> str:
    far = f"{job.done}/{job.total}" if job.total else "-"
    kind = jobs.find(job.kind)
    title = kind.title(job.args) if kind else job.kind
    return f"{job.pk:>6}  {job.state:<10}{far:>12}  {title}  {job.words if job.is_open else job.error}".rstrip()
