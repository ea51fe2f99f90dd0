"""Loading a bureau in a browser: choose the files, follow the job, read what is wrong, mend it and send again."""

import pytest

from people.models import Officer
from tests.appraisal.conftest import FILES
from tests.browser import PHONE, barriers, overflow
from workflows import running
from workflows.models import Job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def chosen(page, folder):
    page.get_by_label("文件", exact=True).set_input_files(sorted(folder.glob("*.csv")))
    page.get_by_role("button", name="上传并导入").click()


def worked():
    running.run(Job.objects.latest("pk").pk)


def sound(page):
    assert barriers(page) == []
    assert overflow(page) <= 0
    assert page.complaints == []


@pytest.mark.parametrize("how", [{}, {"size": PHONE}, {"script": False}], ids=["desk", "phone", "no script"])
def test_a_bureau_is_loaded_after_a_mistake_was_mended(how, visit, hr, folder):
    mended = (folder / "officers.csv").read_text(encoding="utf-8")
    (folder / "officers.csv").write_text(mended.replace("1974-07-23", "1974-17-23"), encoding="utf-8")
    (folder / "unit.csv").write_text("code\n", encoding="utf-8")
    page = visit(hr, "/appraisal/load/", **how)
    looked_at(page, how)
    chosen(page, folder)
    assert "unit.csv：不认识的文件" in page.locator("#upload-problems").inner_text()
    page.complaints = [said for said in page.complaints if "422" not in said]  # the browser notes each refusal
    looked_at(page, how)

    (folder / "unit.csv").unlink()
    chosen(page, folder)
    page.get_by_text("正在排队").wait_for()
    worked()
    page.reload()
    assert "1974-17-23" in page.locator("#job-problems").inner_text()
    looked_at(page, how)
    assert not Officer.objects.filter(badge="2200002").exists()

    (folder / "officers.csv").write_text(mended, encoding="utf-8")
    page.goto(page.url.split("/jobs/")[0] + "/appraisal/load/")
    chosen(page, folder)
    page.get_by_text("正在排队").wait_for()
    worked()
    page.reload()
    page.get_by_text("已导入：新增").wait_for()
    assert Officer.objects.filter(badge="2200002").exists()


def looked_at(page, how):
    if how.get("script", True):  # axe is a script
        sound(page)
