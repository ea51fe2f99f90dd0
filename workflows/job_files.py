"""The files of jobs, in the database, because the web server may be another machine than the worker.

They come and go in pieces. What was handed in is gone when the job is done; the rest goes after some days.
"""

import csv
from codecs import getincrementaldecoder
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Protocol

from django.db import transaction
from django.db.models import QuerySet

from workflows.models import Job, JobFile, JobPiece

PIECE = 1 << 20  # bytes
MADE = ""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def hand_in(job: Job, name: str, content: Readable) -> None:
    """Keep a file for the job to read."""
    _save(job, name, content)


def handed_in(job: Job) -> list[str]:
    return sorted(_inputs(job).order_by().values_list("file", flat=True).distinct())


def read(job: Job, name: str) -> Iterator[bytes]:
    """A file that was handed in, or with `MADE` the one the job made."""
    pieces = JobPiece.objects.filter(job=job, file=name).order_by("number")
    return (bytes(piece) for piece in pieces.values_list("content", flat=True).iterator(chunk_size=4))


def write_out(job: Job, folder: Path) -> None:
    """Everything that was handed in, into a folder."""
    for name in handed_in(job):
        with (folder / Path(name).name).open("wb") as file:
            file.writelines(read(job, name))


def forget_inputs(job: Job) -> None:
    _inputs(job).delete()


@transaction.atomic
def keep(job: Job, *, name: str, content_type: str, content: Readable) -> int:
    """Keep the file the job made, in place of one it made before. How many bytes it has."""
    drop(job)
    JobFile.objects.create(job=job, name=name, content_type=content_type, content=b"")
    return _save(job, MADE, content)


def drop(job: Job) -> None:
    """The file the job made before does not count any more."""
    JobFile.objects.filter(job=job).delete()
    JobPiece.objects.filter(job=job, file=MADE).delete()


def content(file: JobFile) -> Iterator[bytes]:
    """What a made file holds, piece by piece."""
    yield bytes(file.content)
    yield from read(file.job, MADE)


def rows(file: JobFile, most: int) -> list[list[str]]:
    """The first rows of a made table, without its head."""
    return list(islice(csv.reader(_lines(content(file))), 1, most + 1))


def _lines(pieces: Iterator[bytes]) -> Iterator[str]:
    """A line, or a letter, may begin in one piece and end in the next."""
    decode, rest = getincrementaldecoder("utf-8-sig")().decode, ""
    for piece in pieces:
        *whole, rest = (rest + decode(piece)).split("\n")
        yield from (f"{line}\n" for line in whole)
    if rest:
        yield rest


def _inputs(job: Job) -> QuerySet[JobPiece]:
    return JobPiece.objects.filter(job=job).exclude(file=MADE)


def _save(job: Job, name: str, content: Readable) -> int:
    """An empty file has one empty piece: it was handed in all the same."""
    size = number = 0
    while (piece := content.read(PIECE)) or not number:
        JobPiece.objects.create(job=job, file=name, number=number, content=piece)
        size, number = size + len(piece), number + 1
    return size
