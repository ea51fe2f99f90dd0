"""Lists as files: a short one at once, a long one by a job that says how far it is. Both write the same lines."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from tempfile import TemporaryFile
from typing import Any

from django.http import HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import EVERYWHERE, Account
from people.refusals import Unfit
from workflows import exports, job_files, jobs
from workflows.models import Job
from workflows.progress import Tell, silent
from workflows.refusals import Words

MANY = 5_000  # lines; a longer file is written by a job
LONGEST = 1_000_000  # lines; a spreadsheet holds not many more
CHUNK = 500  # lines between which a job says how far it is, and can be stopped
KIND = "export_list"
TEXTS = "texts.json"  # what somebody typed to search for, handed in beside the job: its row names nobody
STOPPED = gettext_lazy("没有生成文件。继续时按当时的数据重新写入。")
Asked = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Table:
    """What a list's file holds, read line by line. `count` goes no further than one beyond `LONGEST`."""

    name: str
    head: Sequence[str]
    lines: Iterable[Sequence[str]]
    count: int

    def told(self, tell: Tell = silent) -> Iterator[Sequence[str]]:
        """The lines; where there are more than a sheet holds, the last one says so."""
        total = min(self.count, LONGEST)
        for number, line in enumerate(self.lines):
            if number == LONGEST:
                yield [_("只导出了前 %d 件，请缩小筛选范围。") % LONGEST]
                return
            if number % CHUNK == 0:
                tell(min(number, total), total, _("正在逐行写入文件"))
            yield line


@dataclass(frozen=True, kw_only=True)
class ListExport:
    """A list that can be exported. `may` is asked when a job is asked for and again when it runs, and `table` reads
    with the rights the account has then."""

    name: str
    title: Words
    fields: Sequence[str]  # what of the address narrows the list to codes
    texts: Sequence[str] = ()  # what of it is typed by hand, and may be a name
    may: Callable[[Account], bool]
    table: Callable[[Account, Asked], Table]


_lists: dict[str, ListExport] = {}


def offer(listed: ListExport) -> None:
    """Called from an app's `ready`."""
    _lists[listed.name] = listed


def find(name: str) -> ListExport | None:
    return _lists.get(name)


def at_once(name: str, account: Account, asked: Asked, form: str) -> HttpResponse | None:
    """The file, or nothing where it is so long that a job should write it."""
    table = _lists[name].table(account, asked)
    if table.count > MANY:
        return None
    return exports.answer(form, table.name, table.head, table.told())


def start(listed: ListExport, *, actor: Account, asked: Asked, form: str) -> Job:
    """Ask for the file. The job's row keeps codes; what was typed by hand is kept apart, and not for long."""
    said = {name: value[:50].replace("\0", "") for name, value in asked.items()}
    codes = {name: said[name] for name in listed.fields if said.get(name)}
    texts = {name: said[name] for name in listed.texts if said.get(name)}
    args: dict[str, Any] = {"list": listed.name, "format": form, "asked": codes}
    files: dict[str, BytesIO] = {}
    if texts:
        typed = json.dumps(texts, sort_keys=True)
        args["texts"] = salted_hmac(KIND, typed).hexdigest()[:16]
        files[TEXTS] = BytesIO(typed.encode())
    return jobs.start(KIND, actor=actor, args=args, path=home(actor), files=files)


def home(account: Account) -> str:
    """The highest of the account's units: whose HR sees that it asked for something."""
    return min((path for _role, path in account.grants), key=len, default=EVERYWHERE)


def run(order: jobs.Order) -> dict[str, Any]:
    """Written anew from the first line when it is resumed: half of today's list and half of tomorrow's is none."""
    return write(order, _lists[order.args["list"]].table(order.actor, asked_of(order.job)))


def write(order: jobs.Order, table: Table) -> dict[str, Any]:
    """A table as the file of a job."""
    form, rows = order.args["format"], min(table.count, LONGEST)
    with TemporaryFile() as file:
        exports.write(file, form, table.name, table.head, table.told(order.tell))
        order.tell(rows, rows, _("正在保存文件"))
        file.seek(0)
        name = exports.file_name(form, table.name)
        size = job_files.keep(order.job, name=name, content_type=exports.FORMATS[form], content=file)
    return {"rows": rows, "bytes": size}


def asked_of(job: Job) -> Asked:
    asked = dict(job.args["asked"])
    if "texts" in job.args:
        said = b"".join(job_files.read(job, TEXTS))
        if not said:
            raise Unfit(_("搜索的文字已经清除。请回到列表重新导出。"))
        asked |= json.loads(said)
    return asked


def may(account: Account, args: Mapping[str, Any]) -> bool:
    listed = find(args["list"])
    return listed is not None and args["format"] in exports.FORMATS and listed.may(account)


def title(args: Mapping[str, Any]) -> str:
    listed = find(args["list"])
    return _("导出%(list)s") % {"list": listed.title if listed else args["list"]}


def said(job: Job) -> str:
    return _("共 %(rows)s 行，文件已生成，保留 7 天。") % {"rows": f"{job.result.get('rows', 0):,}"}


def register() -> None:
    """Called from the app's `ready`."""
    jobs.register(jobs.JobKind(name=KIND, title=title, may=may, run=run, said=said, stopped=STOPPED))
