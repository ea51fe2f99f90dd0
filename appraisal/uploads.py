"""What somebody sends by a page to be loaded: CSV files as they lie in a folder, or one ZIP of them.

Nothing of it is trusted: names, sizes and every byte are checked before anything is kept. An archive is never unpacked
by the names it brings.
"""

import stat
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import PurePosixPath
from typing import IO, Any, Protocol, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from appraisal.loading.folder import LAYOUTS, RESULTS
from appraisal.loading.problems import Problem, one_of
from appraisal.loading.reading import Layout
from appraisal.loading.results import FIXED

MOST_FILES = 50
MOST_BYTES = 200 << 20  # of all files together, unpacked
MEGABYTE = 1 << 20
TIGHTEST = 100  # times a text may shrink; an honest table shrinks by ten
DIRECTORY_BYTES = 64 << 10  # of an archive's list of files: some hundreds of them
LONGEST_NAME = 100
ENCRYPTED = 0x1
DAMAGED = (BadZipFile, RuntimeError, EOFError, OSError, ValueError, zlib.error)
CLUTTER = ("__MACOSX/", ".DS_Store")  # what some systems add to every archive


class BadUpload(Exception):
    """It is not taken. `problems` says what is wrong with which file; nothing was kept."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(len(problems))
        self.problems = problems


@dataclass(frozen=True)
class Upload:
    """Files that have the names of a bureau's folder, each open at its beginning."""

    files: Mapping[str, IO[bytes]]
    digest: str


def received(sent: "Sequence[UploadedFile[Any]]") -> Upload:
    """Check what was sent. Raises `BadUpload` with everything that is wrong."""
    if not sent:
        raise BadUpload([Problem(_("本次上传"), 0, "", _("没有选择文件"))])
    packed = [one for one in sent if str(one.name).lower().endswith(".zip")]
    if packed and len(sent) > 1:
        raise BadUpload([Problem(str(packed[0].name), 0, "", _("ZIP 须单独上传，不能和其他文件一起"))])
    refuse_if(too_much(len(sent), sum(one.size or 0 for one in sent)))
    return unpacked(packed[0]) if packed else loose(sent)


def refuse_if(problems: Sequence[Problem]) -> None:
    if problems:
        raise BadUpload(sorted(problems))


def too_much(count: int, size: int) -> list[Problem]:
    problems = []
    if count > MOST_FILES:
        wrong = _("有 %(count)s 个文件，最多 %(most)s 个") % {"count": count, "most": MOST_FILES}
        problems.append(Problem(_("本次上传"), 0, "", wrong))
    if size > MOST_BYTES:
        found = {"size": f"{size / MEGABYTE:,.0f}", "most": MOST_BYTES // MEGABYTE}
        problems.append(Problem(_("本次上传"), 0, "", _("共 %(size)s MB，最多 %(most)s MB") % found))
    return problems


def loose(sent: "Sequence[UploadedFile[Any]]") -> Upload:
    refuse_if(wrong_names([str(one.name) for one in sent]))
    files = {str(one.name): opened(one) for one in sent}
    digest = digest_of(files)
    for file in files.values():
        file.seek(0)
    return Upload(files, digest)


def unpacked(sent: "UploadedFile[Any]") -> Upload:
    name, file = str(sent.name), opened(sent)
    if directory_bytes(file) > DIRECTORY_BYTES:
        raise BadUpload([Problem(name, 0, "", _("压缩包里的文件太多，最多 %(most)s 个") % {"most": MOST_FILES})])
    file.seek(0)
    try:
        archive = ZipFile(file)
    except DAMAGED:
        raise BadUpload([Problem(name, 0, "", _("不是完整的 ZIP 文件"))]) from None
    members = checked(archive)
    digest = digest_of({base(member): partial(archive.open, member) for member in members})
    return Upload({base(member): archive.open(member) for member in members}, digest)


def opened(sent: "UploadedFile[Any]") -> IO[bytes]:
    return cast(IO[bytes], sent.file)


def directory_bytes(file: IO[bytes]) -> int:
    """How long an archive says its list of files is: read before the list itself, which may be endless."""
    size = file.seek(0, 2)
    file.seek(max(0, size - (1 << 16) - 22))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    return int(struct.unpack_from("<L", tail, at + 12)[0]) if 0 <= at <= len(tail) - 16 else 0


def checked(archive: ZipFile) -> list[ZipInfo]:
    """The files of an archive, none of which is anything but a table of the right name and a sound size."""
    members = [one for one in archive.infolist() if not one.filename.startswith(CLUTTER[0])]
    members = [one for one in members if PurePosixPath(one.filename).name != CLUTTER[1]]
    refuse_if([problem for one in members for problem in hostile(one)])
    files = [one for one in members if not one.is_dir()]
    refuse_if(too_much(len(files), sum(one.file_size for one in files)))
    if len({PurePosixPath(one.filename).parent for one in files}) > 1:
        deepest = max(files, key=lambda one: one.filename.count("/"))
        raise BadUpload([Problem(deepest.filename, 0, "", _("在下级文件夹里；所有文件须在同一层"))])
    refuse_if(wrong_names([base(one) for one in files]))
    return files


def hostile(member: ZipInfo) -> list[Problem]:
    """What no honest archive holds: paths that lead elsewhere, links, devices, secrets and bombs."""
    name, mode = member.orig_filename, member.external_attr >> 16
    path = PurePosixPath(name)
    found = []
    if path.is_absolute() or ".." in path.parts or any(c in name for c in "\\:") or not name.isprintable():
        found.append(_("路径不合规，指向了压缩包之外"))
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        found.append(_("是链接或特殊文件"))
    if member.flag_bits & ENCRYPTED:
        found.append(_("加了密码，请去掉密码后再压缩"))
    if member.file_size > MEGABYTE and member.file_size > TIGHTEST * max(member.compress_size, 1):
        found.append(_("压缩比异常，解开后有 %(size)s MB") % {"size": f"{member.file_size / MEGABYTE:,.0f}"})
    shown = "".join(c if c.isprintable() else "?" for c in name[:LONGEST_NAME])
    return [Problem(shown, 0, "", wrong) for wrong in found]


def base(member: ZipInfo) -> str:
    return PurePosixPath(member.filename).name


def wrong_names(names: Sequence[str]) -> list[Problem]:
    """What is missing, unknown, or there twice. A file with another name would silently be left out."""
    problems = [Problem(name, 0, "", _("缺少这个文件")) for name in LAYOUTS if name not in names]
    if not any(map(is_result, names)):
        expected = _("至少一个，如 results-annual.csv")
        problems.append(Problem("results-*.csv", 0, "", _("缺少考核结果文件"), expected))
    for name in sorted(set(names)):
        if name not in LAYOUTS and not is_result(name):
            expected = one_of([*LAYOUTS, "results-annual.csv", "results-quarterly.csv"], name)
            problems.append(Problem(name[:LONGEST_NAME], 0, "", _("不认识的文件"), expected))
        if names.count(name) > 1:
            problems.append(Problem(name[:LONGEST_NAME], 0, "", _("有不止一个")))
    return problems


def is_result(name: str) -> bool:
    return len(name) <= LONGEST_NAME and name.isprintable() and RESULTS.fullmatch(name) is not None


class Opened(Protocol):
    def __call__(self) -> IO[bytes]: ...


def digest_of(files: Mapping[str, IO[bytes] | Opened]) -> str:
    """A sum over names and contents, every byte being read once: a damaged file is found here."""
    whole, problems = sha256(), []
    for name, file in sorted(files.items()):
        try:
            with_name = sha256(name.encode())
            stream = file() if callable(file) else file
            while piece := stream.read(MEGABYTE):
                with_name.update(piece)
        except DAMAGED:
            problems.append(Problem(name, 0, "", _("读不出来，文件已损坏")))
        else:
            whole.update(with_name.digest())
    refuse_if(problems)
    return whole.hexdigest()


def layouts(indicators: Sequence[str]) -> dict[str, Layout]:
    """Every file with its columns, for the page and the empty tables; results have those of the schemes at the end."""
    results = Layout((*FIXED, *indicators))
    return {**LAYOUTS, "results-annual.csv": results, "results-quarterly.csv": results, "results-monthly.csv": results}
