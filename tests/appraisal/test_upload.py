"""Loading a bureau by a page: files or a ZIP, checked before anything is kept; loaded by a job, all or nothing."""

import csv
import io
import stat
import struct
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db.models.functions import Now
from django.urls import reverse

from appraisal import uploads
from appraisal.models import Result
from people.models import Officer
from people.roles import Role
from tests.appraisal.conftest import FILES
from workflows import job_files, jobs, running
from workflows.models import Job, JobPiece, JobState

pytestmark = pytest.mark.django_db
ADDRESS = "/appraisal/load/"


@pytest.fixture
def page(as_account, hr):
    return as_account(hr)


def files(**changed):
    """The files of a small bureau; a name with an underscore for its point takes the place of one."""
    texts = FILES | {name.replace("_csv", ".csv"): text for name, text in changed.items()}
    return [SimpleUploadedFile(name, text.encode()) for name, text in texts.items() if text is not None]


def packed(members, name="bureau.zip"):
    """A ZIP of these: text, or what `ZipInfo` says of it."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for member, text in members.items():
            archive.writestr(member, text)
    return SimpleUploadedFile(name, buffer.getvalue())


def send(page, *sent):
    return page.post(ADDRESS, {"files": sent})


def job_of(answer):
    assert answer.status_code == 302, answer.text
    return Job.objects.get(pk=answer.url.strip("/").split("/")[-1])


def loaded(page, *sent):
    job = job_of(send(page, *sent))
    running.run(job.pk)
    job.refresh_from_db()
    return job


def test_files_are_loaded_by_a_job_in_the_name_of_the_sender(page, hr):
    job = loaded(page, *files())
    assert (job.state, job.actor) == (JobState.DONE, hr)
    assert Officer.objects.filter(badge="2200001").exists()
    assert set(Result.objects.values_list("recorded_by", flat=True)) == {hr.pk}
    assert "已导入：新增" in page.get(f"/jobs/{job.pk}/").text


@pytest.mark.parametrize("folder", ["", "haizhou/"])
def test_a_zip_is_as_good_as_its_files(page, folder):
    clutter = {"__MACOSX/haizhou/._units.csv": "x", f"{folder}.DS_Store": "x"}
    job = loaded(page, packed({f"{folder}{name}": text for name, text in FILES.items()} | clutter))
    assert job.state == JobState.DONE
    assert Officer.objects.count() == 2


def test_the_job_keeps_names_of_files_alone_and_what_was_sent_goes_when_it_is_loaded(page):
    job = job_of(send(page, *files()))
    assert job.args["files"] == sorted(FILES)
    assert "何帅欣" not in str(job.args)
    assert job_of(send(page, *files())) == job  # sent twice
    assert JobPiece.objects.values("file").distinct().count() == len(FILES)
    running.run(job.pk)
    assert not JobPiece.objects.exists()


def test_every_bad_line_is_told_and_nothing_is_saved(page, as_account, administrator):
    bad = FILES["officers.csv"].replace("1974-07-23", "1974-17-23").replace("一级警员", "大元帅")
    job = loaded(page, *files(officers_csv=bad))
    assert (job.state, job.place) == (JobState.FAILED, "")
    assert job.error.startswith("文件里有")
    assert not Officer.objects.exists()
    text = page.get(f"/jobs/{job.pk}/").text
    for said in ("officers.csv", "born_on", "1974-17-23", "没有导入任何一行"):
        assert said in text
    whole = page.get(f"/jobs/{job.pk}/file/").getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(whole)))
    assert ["officers.csv", "3", "born_on"] in [row[:3] for row in rows]
    assert "1974-17-23" not in as_account(administrator).get(f"/jobs/{job.pk}/").text  # it quotes what was sent


def test_cancelled_in_the_middle_nothing_is_loaded_and_resumed_all_is(page, monkeypatch):
    job = job_of(send(page, *files()))
    tell = running.Life.tell

    def stopping(life, done, total, words):
        if done == 5:  # everything is written and not yet committed
            assert Officer.objects.count() == 2
            jobs.cancel(job)
        tell(life, done, total, words)

    monkeypatch.setattr(running.Life, "tell", stopping)
    running.run(job.pk)
    monkeypatch.undo()
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert not Officer.objects.exists()
    page.post(f"/jobs/{job.pk}/resume/")
    running.run(job.pk)
    assert Job.objects.get().state == JobState.DONE
    assert Officer.objects.count() == 2


def test_what_was_sent_and_not_loaded_goes_after_some_days_and_resuming_says_so(page):
    job = job_of(send(page, *files()))
    jobs.cancel(job)
    Job.objects.update(ended_at=Now() - jobs.FILES_KEPT * 2)
    jobs.forget_files()
    assert not JobPiece.objects.exists()
    jobs.resume(job)
    running.run(job.pk)
    job.refresh_from_db()
    assert "请重新上传" in job.error


def link(name):
    info = ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


GOOD = {name: text for name, text in FILES.items() if name != "units.csv"}
HOSTILE = {
    "a path upwards": ({**GOOD, "../units.csv": "x"}, "../units.csv", "路径不合规"),
    "an absolute path": ({**GOOD, "/etc/units.csv": "x"}, "/etc/units.csv", "路径不合规"),
    "a path of another system": ({**GOOD, "C:\\units.csv": "x"}, "C:\\units.csv", "路径不合规"),
    "a link": ({**GOOD, link("units.csv"): "/etc/passwd"}, "units.csv", "链接"),
    "a bomb": ({**GOOD, "units.csv": "0" * (5 << 20)}, "units.csv", "压缩比异常"),
    "folders in folders": ({**GOOD, "expected/units.csv": "x"}, "expected/units.csv", "同一层"),
    "an archive in it": ({**FILES, "more.zip": "x"}, "more.zip", "不认识的文件"),
    "a misspelt name": ({**GOOD, "unit.csv": "x"}, "unit.csv", "units.csv"),
    "a missing file": (GOOD, "units.csv", "缺少这个文件"),
    "no results": ({name: text for name, text in FILES.items() if "results" not in name}, "results-*.csv", "缺少"),
    "too many": ({**FILES, **{f"results-{n}.csv": "x" for n in range(50)}}, "本次上传", "最多 50 个"),
    "far too many": ({f"results-{n}.csv": "" for n in range(2_000)}, "bureau.zip", "文件太多"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_or_wrong_archive_is_refused_with_the_file_and_the_reason(case, page):
    members, name, reason = HOSTILE[case]
    answer = send(page, packed(members))
    assert answer.status_code == 422
    said = [str(problem) for problem in answer.context["problems"]]
    assert any(name in words and reason in words for words in said), said
    assert not Job.objects.exists()
    assert not JobPiece.objects.exists()


def test_two_files_of_one_name_are_refused(page):
    buffer = io.BytesIO(packed(FILES).read())
    with ZipFile(buffer, "a") as more, pytest.warns(UserWarning, match="Duplicate name"):
        more.writestr("units.csv", "x")
    answer = send(page, SimpleUploadedFile("bureau.zip", buffer.getvalue()))
    assert [str(problem) for problem in answer.context["problems"]] == ["units.csv：有不止一个。"]


def test_an_archive_that_says_less_than_it_holds_is_damaged(page):
    """A bomb may lie about its size: no more is read than was said, and what was said is then not true."""
    content = bytearray(packed(FILES).read())
    at = content.rfind(b"PK\x01\x02")
    struct.pack_into("<L", content, at + 24, 5)  # the unpacked size of the last file
    answer = send(page, SimpleUploadedFile("bureau.zip", bytes(content)))
    assert "staffing.csv：读不出来，文件已损坏。" in [str(problem) for problem in answer.context["problems"]]


def test_a_locked_archive_is_refused(page):
    content = bytearray(packed(FILES).read())
    content[content.find(b"PK\x01\x02") + 8] |= 1
    answer = send(page, SimpleUploadedFile("bureau.zip", bytes(content)))
    assert [str(one) for one in answer.context["problems"]] == ["units.csv：加了密码，请去掉密码后再压缩。"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ([], "没有选择文件"),
        ([SimpleUploadedFile("bureau.zip", b"x" * 300)], "不是完整的 ZIP"),
        ([SimpleUploadedFile("bureau.zip", b"")], "不是完整的 ZIP"),
        ([SimpleUploadedFile("b.zip", b"x"), SimpleUploadedFile("units.csv", b"x")], "单独上传"),
        ([SimpleUploadedFile("名单.xlsx", b"x")], "不认识的文件"),
    ],
)
def test_what_is_no_bureau_is_refused(sent, said, page):
    answer = send(page, *sent)
    assert answer.status_code == 422
    assert said in answer.text


def test_more_than_may_be_sent_is_refused(page, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_BYTES", 1_000)
    for sent in (files(), [packed(FILES)]):
        assert "最多 0 MB" in send(page, *sent).text
    assert not Job.objects.exists()


def test_the_page_says_what_to_send_and_gives_empty_tables(page):
    text = page.get(ADDRESS).text
    for said in ("units.csv", "results-*.csv", "recorded_on", "还没有导入过", reverse("appraisal:empty_tables")):
        assert said in text
    archive = ZipFile(io.BytesIO(page.get("/appraisal/load/tables.zip").content))
    assert archive.read("units.csv").decode("utf-8-sig").strip() == "code,name,parent,kind,peer_group"
    assert uploads.wrong_names(archive.namelist()) == []


def test_it_is_found_in_the_navigation_by_those_who_may(page, as_account, administrator, make_account, branch):
    for browser in (page, as_account(administrator)):
        assert f'href="{ADDRESS}"' in browser.get("/appraisal/load/").text
    branch_hr = as_account(make_account("branch_hr", Role.HR, branch))
    assert f'href="{ADDRESS}"' not in branch_hr.get("/jobs/").text


@pytest.mark.parametrize("who", ["stranger", "auditor", "unit_head", "branch_hr"])
def test_others_get_nothing(who, as_account, request, make_account, branch):
    account = make_account(who, Role.HR, branch) if who == "branch_hr" else request.getfixturevalue(who)
    browser = as_account(account)
    assert browser.get(ADDRESS).status_code == 404
    assert browser.get("/appraisal/load/tables.zip").status_code == 404
    assert send(browser, *files()).status_code == 404
    assert not Job.objects.exists()


def test_a_sender_whose_right_was_taken_back_loads_nothing(page, hr):
    job = job_of(send(page, *files()))
    hr.role_grants.all().delete()
    running.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert not Officer.objects.exists()


def test_the_command_line_tells_every_bad_line_of_a_background_load(folder, change, capsys):
    change("officers.csv", "1974-07-23", "1974-17-23")
    call_command("load_bureau", str(folder), "--background")
    job = Job.objects.get()
    running.run(job.pk)
    with pytest.raises(CommandError, match=f"jobs resume {job.pk}"):
        call_command("jobs", "wait", str(job.pk))
    said = capsys.readouterr().out
    assert "officers.csv 3 born_on" in said
    assert "1974-17-23" in said
    change("officers.csv", "1974-17-23", "1974-07-23")
    jobs.resume(job)
    running.run(job.pk)
    call_command("jobs", "show", str(job.pk))
    assert "已导入：新增" in capsys.readouterr().out


def test_problems_that_lie_across_pieces_are_read_whole(page, monkeypatch):
    monkeypatch.setattr("workflows.job_files.PIECE", 7)
    bad = FILES["officers.csv"].replace("1974-07-23", "1974-17-23")
    job = loaded(page, *files(officers_csv=bad))
    (row,) = job_files.rows(job.file, 10)
    assert row[:3] == ["officers.csv", "3", "born_on"]


def test_ctrl_c_in_a_load_leaves_nothing_and_says_how_to_go_on(folder, monkeypatch):
    def interrupted(*of):
        assert Officer.objects.exists()
        raise KeyboardInterrupt

    monkeypatch.setattr("appraisal.loading.folder._tell_moves", interrupted)
    with pytest.raises(CommandError, match="没有导入任何一行") as stopped:
        call_command("load_bureau", str(folder))
    assert stopped.value.returncode == 130
    assert not Officer.objects.exists()
