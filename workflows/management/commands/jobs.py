"""`jobs`: the long jobs and how far they are; `jobs show|wait|cancel|resume ID`."""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from time import sleep
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from workflows import job_files, jobs
from workflows.management.background import stoppable
from workflows.models import Job, JobFile, JobState
from workflows.progress import to_terminal

BAD_INPUT = 2
NOT_DONE = 1
SHOWN = 20
LOOKS_EACH = 1.0  # seconds
PROBLEMS = 100_000  # lines shown of what is wrong


class Command(BaseCommand):
    help = "列出后台任务及进度；jobs show ID 看一个，wait ID 等到结束，cancel ID 取消，resume ID 从停下的地方继续。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", nargs="?", choices=("list", "show", "wait", "cancel", "resume"), default="list")
        parser.add_argument("number", nargs="?", type=int, help="任务号")
        parser.add_argument("--wait", action="store_true", help="继续后等到任务结束")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "list":
            for job in Job.objects.order_by("-pk")[:SHOWN]:
                self.stdout.write(line(job))
            return
        job = self._named(options["number"])
        acts: Mapping[str, Callable[[Job], None]] = {
            "show": self._show,
            "wait": self._wait,
            "cancel": lambda job: self._change(job, jobs.cancel),
            "resume": lambda job: self._change(job, jobs.resume),
        }
        acts[options["act"]](job)
        if options["wait"] and options["act"] != "wait":
            self._wait(job)

    def _named(self, number: int | None) -> Job:
        job = Job.objects.filter(pk=number or 0).first()
        if job is None:
            raise CommandError(_("没有这个任务：%(number)s") % {"number": number}, returncode=BAD_INPUT)
        return job

    def _change(self, job: Job, change: Callable[[Job], bool]) -> None:
        done = change(job)
        job.refresh_from_db()
        self.stdout.write(line(job))
        if not done:
            raise CommandError(_("没有改动：任务的状态不允许。"), returncode=BAD_INPUT)

    def _show(self, job: Job) -> None:
        """The job, and each thing wrong with what was handed in: what its page shows to the one who asked for it."""
        self.stdout.write(line(job))
        kind, file = jobs.find(job.kind), JobFile.objects.filter(job=job).first()
        if job.place:
            self.stdout.write(job.place)
        if kind and job.state == JobState.DONE:
            self.stdout.write(kind.said(job))
        if kind and kind.problems and file and job.state == JobState.FAILED:
            for row in job_files.rows(file, PROBLEMS):
                self.stdout.write(" ".join(filter(None, row)))

    def _wait(self, job: Job) -> None:
        """Follow it to its end. Ctrl-C leaves the job at its work."""
        words = _("不再等待，任务照常进行。jobs wait %(number)d 接着看，jobs cancel %(number)d 取消。")
        with stoppable(words % {"number": job.pk}):
            self._follow(job)
        self._show(job)
        if job.state != JobState.DONE:
            words = _("任务没有做完；排除原因后用 jobs resume %(number)d 继续。")
            raise CommandError(words % {"number": job.pk}, returncode=NOT_DONE)

    def _follow(self, job: Job) -> None:
        tell, told = to_terminal(self.stderr), None
        while True:
            job.refresh_from_db()
            if not job.is_open:
                return
            said = (job.done, job.total, job.words or str(job.get_state_display()))
            if said != told:
                tell(*said)
            told = said
            sleep(LOOKS_EACH)


def line(job: Job) -> str:
    far = f"{job.done}/{job.total}" if job.total else "-"
    kind = jobs.find(job.kind)
    title = kind.title(job.args) if kind else job.kind
    return f"{job.pk:>6}  {job.state:<10}{far:>12}  {title}  {job.words if job.is_open else job.error}".rstrip()
