"""Writing policies on pages: begin, import, edit, compare; read aloud as it is written; two at once lose nothing."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from linkage import editing, lifecycle, register
from linkage.models import Policy, PolicyRecord
from people.accounts import machine
from people.roles import Role
from tests.linkage.test_life_of_a_policy import HARM_WITHOUT_BASIS, text

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def url(name, *args):
    return reverse(f"linkage:{name}", args=args)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def shipped(bureau):
    return register.install_shipped(actor=machine("loader"))


@pytest.fixture
def draft(shipped, hr, today):
    return lifecycle.draft(text(), from_day=today + 30 * DAY, actor=hr, based_on=shipped)


@pytest.fixture
def second(make_account, bureau):
    return make_account("hr2", Role.HR, bureau)


@pytest.fixture
def writer(hr, as_account):
    return as_account(hr)


def edited(client, policy, written, *, revision=1, **more):
    said = {"text": written, "from_day": policy.from_day.isoformat(), "revision": revision, **more}
    return client.post(url("policy_edit", policy.pk), said)


# Who --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["stranger", "officer", "unit_head", "leader", "inspector", "auditor", "administrator"])
def test_nobody_else_finds_the_desk_of_the_writer(draft, who, request, as_account):
    client = as_account(request.getfixturevalue(who))
    for address in (url("policy_new"), url("policy_import"), url("policy_edit", draft.pk)):
        assert client.get(address).status_code == 404
        assert client.post(address, {"text": text("9"), "from_day": "2030-01-01"}).status_code == 404
    for name in ("policy_reading", "policy_words"):
        assert client.post(url(name, draft.pk), {"text": text()}).status_code == 404
    assert Policy.objects.count() == 2


def test_a_leader_at_the_root_reads_drafts_and_writes_none(draft, make_account, bureau, as_account):
    client = as_account(make_account("chief", Role.LEADER, bureau))
    assert client.get(url("policy", draft.pk)).status_code == 200
    assert client.get(url("policy_edit", draft.pk)).status_code == 404


# Beginning --------------------------------------------------------------------------------------------------------
def test_a_draft_begins_from_the_version_in_force_under_the_next_number(shipped, writer, today):
    page = writer.get(url("policy_new"))
    first = page.context["form"].initial
    year = date(today.year + 1, 1, 1)
    assert first == {"source": f"policy:{shipped.pk}", "version": "2026.2", "from_day": year}
    answer = writer.post(url("policy_new"), {**first, "from_day": (today + 40 * DAY).isoformat()})
    made = Policy.objects.get(version="2026.2")
    assert answer.url == url("policy_edit", made.pk)
    assert (made.state, made.code, made.based_on) == ("draft", "reference", shipped)
    assert made.text == shipped.text.replace("version: 2026.1", "version: 2026.2")


def test_a_draft_begins_from_the_library_under_the_name_that_decides(shipped, writer, today):
    said = {"source": "file:reference.zh", "version": "2027.1", "from_day": today.isoformat(), "deciding": "on"}
    writer.post(url("policy_new"), said)
    made = Policy.objects.get(version="2027.1")
    assert (made.code, made.text.splitlines()[0]) == ("reference", "政策: reference")


def test_a_number_that_is_taken_is_refused_with_what_was_chosen_kept(shipped, writer, today):
    said = {"source": f"policy:{shipped.pk}", "version": "2026.1", "from_day": today.isoformat()}
    answer = writer.post(url("policy_new"), said)
    assert (answer.status_code, "已有版本 2026.1" in answer.text) == (422, True)
    assert Policy.objects.count() == 1


@pytest.mark.parametrize("version", ["", "a b", "一: 二", "x" * 21])
def test_a_number_that_is_none_is_refused_beside_the_field(shipped, writer, today, version):
    said = {"source": f"policy:{shipped.pk}", "version": version, "from_day": today.isoformat()}
    assert writer.post(url("policy_new"), said).context["form"].errors["version"]


@pytest.mark.parametrize(
    ("version", "taken", "next_one"),
    [("2026.1", set(), "2026.2"), ("2026.1", {"2026.2"}, "2026.3"), ("a", set(), "a.1"), ("v2-rc", set(), "v3-rc")],
)
def test_the_next_number_is_the_first_that_is_free(version, taken, next_one):
    assert editing.next_version(version, taken) == next_one


def test_a_text_without_a_version_gets_a_line_for_it():
    bare = "policy: x # 名称\ntitle: 甲\n"
    assert editing.headed(bare, version="2", code="reference") == "policy: reference # 名称\nversion: 2\ntitle: 甲\n"


# Bringing in ------------------------------------------------------------------------------------------------------
def test_a_file_becomes_a_draft(shipped, writer, today):
    file = SimpleUploadedFile("x.yaml", ("\ufeff" + text("5").replace("\n", "\r\n")).encode())
    answer = writer.post(url("policy_import"), {"file": file, "from_day": today.isoformat()})
    made = Policy.objects.get(version="5")
    assert (answer.url, made.state, made.text) == (url("policy", made.pk), "draft", text("5"))


def test_a_pasted_text_becomes_a_draft(shipped, writer, today):
    writer.post(url("policy_import"), {"text": text("5"), "from_day": today.isoformat(), "note": "省厅来文"})
    assert PolicyRecord.objects.get(policy__version="5").note == "省厅来文"


def test_a_text_that_cannot_be_read_is_not_saved_and_stays_in_the_box(shipped, writer, today):
    broken = text("5").replace("when:", "whn:")
    file = SimpleUploadedFile("x.yaml", broken.encode())
    answer = writer.post(url("policy_import"), {"file": file, "from_day": today.isoformat()})
    assert answer.status_code == 422
    assert "第 12 行第 5 列" in answer.text
    assert "whn: {grade: 优秀}" in answer.text
    assert Policy.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [("政策".encode("gb18030"), "不是 UTF-8"), (b"#" * (512 * 1024 + 1), "超过 512 KB"), (b"  \n", "请选择文件")],
)
def test_a_file_that_is_no_text_is_refused(shipped, writer, today, content, words):
    file = SimpleUploadedFile("x.yaml", content)
    answer = writer.post(url("policy_import"), {"file": file, "from_day": today.isoformat()})
    assert (answer.status_code, words in answer.text) == (422, True)


def test_what_was_exported_comes_in_again(draft, hr, writer, today):
    exported = writer.get(url("policy_file", draft.pk)).content.decode()
    lifecycle.discard(draft, actor=hr, note="换地方")
    writer.post(url("policy_import"), {"text": exported, "from_day": today.isoformat()})
    assert Policy.objects.get(version="2", state="draft").text == exported


# Writing ----------------------------------------------------------------------------------------------------------
def test_the_page_shows_the_text_its_numbers_and_its_sentences(draft, writer):
    page = writer.get(url("policy_edit", draft.pk))
    assert page.context["reading"].said[0].name == "P01"
    assert '<li id="L14">14</li>' in page.text
    assert text() in page.text.replace("&amp;", "&")


def test_saving_keeps_the_text_as_written(draft, writer):
    answer = edited(writer, draft, text(more="# 说明\n").replace("\n", "\r\n"), note="加说明")
    assert answer.status_code == 302
    kept = Policy.objects.get(pk=draft.pk)
    assert (kept.text, kept.revision) == (text(more="# 说明\n"), 2)
    assert kept.records.get(step="edit").note == "加说明"


def test_a_text_with_errors_is_saved_as_a_draft_and_said_to_have_them(draft, writer):
    answer = writer.post(
        url("policy_edit", draft.pk),
        {"text": text(more=HARM_WITHOUT_BASIS), "from_day": draft.from_day.isoformat(), "revision": 1},
        follow=True,
    )
    assert "条文还有 1 处错误" in answer.text


def test_of_two_who_write_the_second_sees_both_texts_and_may_save_after_all(draft, hr, second, writer, as_account):
    edited(as_account(second), draft, text(more="# 甲\n"))
    mine = text().replace("公务员考核规定(2020)", "公务员考核规定(2030)")
    answer = edited(writer, draft, mine)
    assert answer.status_code == 409
    assert "hr2 已于" in answer.text
    assert "公务员考核规定(2030)" in answer.context["form"]["text"].value()
    assert answer.context["theirs"] == text(more="# 甲\n")
    assert [found.name for found in answer.context["differences"]] == ["P01"]
    assert Policy.objects.get(pk=draft.pk).text == text(more="# 甲\n")
    assert edited(writer, draft, mine, revision=answer.context["form"]["revision"].value()).status_code == 302
    assert Policy.objects.get(pk=draft.pk).text == mine


def test_both_texts_are_shown_where_one_cannot_be_read(draft, second, writer, as_account):
    edited(as_account(second), draft, "policy: [")
    answer = edited(writer, draft, text(more="# 乙\n"))
    assert (answer.status_code, answer.context["theirs"]) == (409, "policy: [")


def test_what_is_checked_is_no_longer_written(draft, hr, writer):
    lifecycle.check(draft, actor=hr)
    assert writer.get(url("policy_edit", draft.pk)).url == url("policy", draft.pk)
    assert edited(writer, draft, text(more="# 迟\n")).status_code == 409
    assert Policy.objects.get(pk=draft.pk).text == text()


def test_an_empty_text_is_refused(draft, writer):
    assert edited(writer, draft, "").status_code == 422


# Read aloud while one writes --------------------------------------------------------------------------------------
def test_the_text_is_read_aloud_without_being_saved(draft, writer):
    answer = writer.post(url("policy_reading", draft.pk), {"text": text().replace("优秀}", "称职}")})
    assert "等次为" in answer.text
    assert "<mark>称职</mark>" in answer.text  # beside the version it was drafted from
    assert Policy.objects.get(pk=draft.pk).text == text()


def test_an_error_is_said_with_line_column_and_the_nearest_word(draft, writer):
    answer = writer.post(url("policy_reading", draft.pk), {"text": text().replace("when:", "whn:")})
    assert 'data-line="12" data-column="5"' in answer.text
    assert "when" in answer.text


def test_findings_name_the_line_of_their_rule(draft, writer):
    reading = writer.post(url("policy_reading", draft.pk), {"text": text(more=HARM_WITHOUT_BASIS)}).context["reading"]
    assert [(mark.level, mark.rule, mark.line) for mark in reading.marks] == [("error", "P99", 17)]


@pytest.mark.parametrize("hostile", ["", "[" * 50_000, "a: &x [*x]", "\x00", "policy: !!python/object:os.system x"])
def test_no_text_breaks_the_reading(draft, writer, hostile):
    assert writer.post(url("policy_reading", draft.pk), {"text": hostile}).status_code == 200
    assert writer.post(url("policy_words", draft.pk), {"text": hostile, "line": "9", "column": "9"}).status_code == 200


def words(writer, draft, written):
    before = written.rpartition("\n")
    place = {"line": written.count("\n") + 1, "column": len(before[2]) + 1}
    return writer.post(url("policy_words", draft.pk), {"text": written, **place}).json()


def test_a_word_is_completed_in_the_language_of_the_file(draft, writer):
    assert "when" in [word["word"] for word in words(writer, draft, "policy: x\nrules:\n  P01:\n    wh")["words"]]
    assert "条件" in [word["word"] for word in words(writer, draft, "政策: x\n规则:\n  P01:\n    条")["words"]]


def test_names_of_the_file_are_offered(draft, writer):
    written = "policy: x\nparams:\n  low months: {value: 3}\nrules:\n  P01:\n    seats: {share: $l"
    found = words(writer, draft, written)
    assert found["from"] == 20
    assert {"word": "$low months", "note": "本文所起的名称"} in found["words"]


@pytest.mark.parametrize("place", [("x", "y"), ("-1", "0"), ("99999999", "1"), ("", "")])
def test_a_place_that_is_none_is_answered(draft, writer, place):
    line, column = place
    said = {"text": text(), "line": line, "column": column}
    assert writer.post(url("policy_words", draft.pk), said).status_code == 200


# Comparing --------------------------------------------------------------------------------------------------------
def test_two_versions_are_compared_in_words(shipped, draft, writer):
    page = writer.get(url("policy_compare"), {"old": shipped.pk, "new": draft.pk})
    assert "删去" in page.text
    assert page.context["differences"]


def test_a_version_is_compared_with_a_file(shipped, writer):
    file = SimpleUploadedFile("x.yaml", shipped.text.replace("share: 3%", "share: 4%").encode())
    page = writer.post(url("policy_compare"), {"old": shipped.pk, "file": file})
    assert [found.name for found in page.context["differences"]] == ["P03"]
    assert "<ins>4%</ins>" in page.text


def test_a_file_that_cannot_be_read_is_refused_in_words(shipped, writer):
    answer = writer.post(url("policy_compare"), {"old": shipped.pk, "file": SimpleUploadedFile("x", b"policy: [")})
    assert (answer.status_code, "条文不能读取：第" in answer.text) == (422, True)


def test_nothing_chosen_is_said(shipped, writer):
    assert writer.post(url("policy_compare"), {"old": shipped.pk}).status_code == 422
    assert writer.get(url("policy_compare")).status_code == 200


def test_a_stranger_compares_no_draft(shipped, draft, stranger, as_account):
    client = as_account(stranger)
    assert client.get(url("policy_compare"), {"old": shipped.pk, "new": draft.pk}).status_code == 422
    assert f"{draft}（" not in client.get(url("policy_compare")).text


def test_the_command_compares_versions_and_files(shipped, draft, tmp_path, capsys):
    file = tmp_path / "x.yaml"
    file.write_text(shipped.text.replace("share: 3%", "share: 4%"))
    call_command("diff_policies", "2026.1", str(file))
    said = capsys.readouterr().out
    assert "修改 规则 P03《连续优秀提名后备干部》" in said
    assert "[-3%-]" in said
    assert "{+4%+}" in said
    call_command("diff_policies", "reference@2026.1", "reference@2", "--language", "en")
    assert "Third-class merit for three excellent years running" in capsys.readouterr().out
    call_command("diff_policies", "2026.1", "2026.1")
    assert "没有不同" in capsys.readouterr().out


@pytest.mark.parametrize("named", ["2030.1", "reference@", "nothing.yaml"])
def test_the_command_names_what_is_not_there(shipped, named):
    with pytest.raises(CommandError, match=named):
        call_command("diff_policies", "2026.1", named)


def test_the_command_names_the_line_of_a_file_that_cannot_be_read(shipped, tmp_path):
    file = tmp_path / "x.yaml"
    file.write_text("policy: [")
    with pytest.raises(CommandError, match=r"x\.yaml：第 \d 行"):
        call_command("diff_policies", "2026.1", str(file))
