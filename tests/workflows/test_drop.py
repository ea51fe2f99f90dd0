"""Files into a folder: whole or not at all, under names of our own, only where an administrator allowed it."""

import csv
from io import StringIO

import openpyxl
import pytest
from django.utils import timezone

from people.roles import Role
from workflows import outbox, packing, parcels
from workflows.channels import attachments, drop
from workflows.models import AllowedAddress, Channel, DeskChoice, Parcel, RefusedAddress

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    where = tmp_path.resolve() / "out"
    where.mkdir()
    return where


@pytest.fixture
def allowed_folder(hr, folder):
    return AllowedAddress.objects.create(
        kind="folder", value=str(folder), reason="x", added_by=hr, added_at=timezone.now()
    )


@pytest.fixture
def choice(hr, bureau, allowed_folder):
    said = {"changed_by": hr, "changed_at": timezone.now(), "to_members": False}
    return DeskChoice.objects.create(role=Role.HR, path=bureau.path, folder=allowed_folder, format="both", **said)


@pytest.fixture
def post(make, clock):
    def post(n=2):
        make(n)
        outbox.deliver_all(now=clock.at)
        parcels.deliver(Channel.DROP, now=clock.at + packing.GATHER)
        return Parcel.objects.get()

    return post


def test_the_list_lies_in_the_folder_as_spreadsheet_and_as_table(post, choice, folder):
    parcel = post()
    stem = f"trilink-20261120-{parcel.key.hex[:16]}"
    assert sorted(file.name for file in folder.iterdir()) == [f"{stem}.csv", f"{stem}.xlsx"]
    rows = list(csv.reader(StringIO((folder / f"{stem}.csv").read_text("utf-8-sig"))))
    assert rows[0] == ["时间", "内容", "类别", "状态", "对象", "警号或单位代码", "事项编号"]
    assert [row[3:6] for row in rows[1:]] == [["已提出", "民警2200001", "2200001"]] * 2
    sheet = openpyxl.load_workbook(folder / f"{stem}.xlsx").active
    assert [cell.value for cell in sheet[2]] == rows[1]


def test_a_second_try_writes_the_same_file(post, choice, folder, clock):
    post()
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    Parcel.objects.update(sent_at=None)
    parcels.deliver(Channel.DROP, now=clock.at + parcels.LEASE * 2)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_half_a_file_is_never_seen(folder, monkeypatch):
    """Killed in mid-write it leaves a hidden part, and the next try is not in its way."""
    monkeypatch.setattr(drop.os, "fsync", lambda file: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        drop.put(folder, "list.csv", b"whole")
    assert not (folder / "list.csv").exists()
    monkeypatch.undo()
    drop.put(folder, "list.csv", b"whole")
    assert [file.name for file in folder.iterdir()] == ["list.csv"]


def test_a_link_in_the_way_is_not_written_through(folder, tmp_path):
    (tmp_path / "secret").write_text("kept")
    (folder / "list.csv").symlink_to(tmp_path / "secret")
    (folder / ".list.csv.part").symlink_to(tmp_path / "secret")
    drop.put(folder, "list.csv", b"whole")
    assert (tmp_path / "secret").read_text() == "kept"
    assert (folder / "list.csv").read_bytes() == b"whole"


def test_no_message_chooses_a_name(post, choice, folder, monkeypatch):
    monkeypatch.setattr(attachments, "_makers", {})
    attachments.attach("errand", lambda message: [("../../x.csv", b"a", ""), ("/etc/cron.d/x.sh", b"b", "")])
    post(1)
    assert all(file.name.startswith("trilink-20261120-") for file in folder.iterdir())
    assert sorted(file.suffix for file in folder.iterdir()) == [".csv", ".csv", ".xlsx"]


def test_a_name_is_no_formula():
    assert [drop.plain(text) for text in ("=1+1", "@x", "甲")] == ["'=1+1", "'@x", "甲"]


def test_a_folder_that_is_allowed_no_more_gets_nothing(post, choice, allowed_folder, folder):
    AllowedAddress.objects.update(ended_at=timezone.now())
    assert post().error.startswith("not allowed: ")
    assert list(folder.iterdir()) == []
    assert RefusedAddress.objects.get().kind == "folder"


def test_a_folder_that_became_a_link_gets_nothing(post, choice, folder, tmp_path):
    folder.rmdir()
    (tmp_path / "elsewhere").mkdir()
    folder.symlink_to(tmp_path / "elsewhere")
    assert post().error.startswith("not allowed: ")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_folder_that_is_gone_is_tried_again(post, choice, folder):
    folder.rmdir()
    parcel = post()
    assert (parcel.error, parcel.sent_at, parcel.dead_at) == ("the folder is not there", None, None)


def test_who_chose_otherwise_gets_no_file(make, choice, folder, clock):
    make()
    outbox.deliver_all(now=clock.at)
    DeskChoice.objects.update(folder=None)
    parcels.deliver(Channel.DROP, now=clock.at + packing.GATHER)
    assert (Parcel.objects.get().error, list(folder.iterdir())) == ("withdrawn", [])
