"""`check_policy`: a policy file is read, what is wrong is named with its place, and each rule is said in words."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from linkage import library
from linkage.management.commands import check_policy

HEAD = "政策: t\n标题: {zh: 试用政策, en: Trial policy}\n等次表: {年度: [优秀, 称职]}\n规则:\n"
RULE = """  R1:
    标题: {zh: 优秀予以嘉奖, en: Commendation}
    对象: 民警
    周期: 年度
    条件: {等次: 优秀}
    结果: %s
    依据: {文件: 公务员考核规定, 条: 19(1)}
"""


def checked(path: Path, *options: str) -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("check_policy", str(path), *options, stdout=out)
    except SystemExit as ended:
        return out.getvalue(), int(ended.code or 0)
    return out.getvalue(), 0


@pytest.fixture
def file(tmp_path):
    def write(text: str | bytes) -> Path:
        path = tmp_path / "policy.yaml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


@pytest.mark.parametrize("path", library.files(), ids=lambda path: path.stem)
def test_the_shipped_policies_are_sound(path):
    text, code = checked(path)

    assert (code, text.splitlines()[-1]) == (0, "可以提交。")


def test_each_rule_is_said_in_both_languages(file):
    text, code = checked(file(HEAD + RULE % "reward:嘉奖"))

    assert code == 0
    assert "R1《优秀予以嘉奖》\n    年度考核，民警凡等次为优秀的，认定为：奖励—嘉奖。" in text
    assert "    On the annual cycle, an officer is decided reward: 嘉奖 when the grade is 优秀." in text


def test_a_wrong_word_is_named_with_its_place_and_the_nearest_one(file):
    text, code = checked(file(HEAD + (RULE % "reward:嘉奖").replace("条件: {等次", "条件: {等第")))

    assert code == 1
    assert "错误 第 9 行第 10 列" in text
    assert "“等第”不是本语言的词；是否为“等次”？" in text


def test_errors_of_meaning_are_told_with_the_rule(file):
    harmful = (RULE % "restriction:x").replace("    依据: {文件: 公务员考核规定, 条: 19(1)}\n", "")
    text, code = checked(file(HEAD + harmful))

    assert code == 1
    assert "错误 第 6 行" in text
    assert "R1：没有法律依据" in text
    assert text.splitlines()[-1] == "有错误，须改正后再提交。"


def test_an_outcome_no_kind_knows_is_pointed_out(file):
    text, code = checked(file(HEAD + RULE % "bonus:x"))

    assert code == 0
    assert "留意 第 6 行" in text
    assert "没有事项类别“bonus”" in text


def test_an_outcome_without_its_kind_is_an_error_that_names_the_nearest(file):
    text, code = checked(file(HEAD + RULE % "嘉奖"))

    assert code == 1
    assert "错误 第 6 行" in text
    assert "是否为“reward:嘉奖”？" in text


def test_a_field_the_directory_does_not_have_is_an_error_with_its_place(file):
    text, code = checked(file(HEAD + (RULE % "reward:嘉奖").replace("{等次: 优秀}", "{单位: {人员: {knd: 派出所}}}")))

    assert code == 1
    assert "错误 第 9 行第 20 列 R1：“knd”不是名册字段；是否为“kind”？" in text


def test_json_holds_all_of_it(file):
    text, code = checked(file(HEAD + RULE % "reward:嘉奖"), "--json")
    found = json.loads(text)

    assert (code, found["sound"], found["policy"], found["findings"]) == (0, True, "t", [])
    assert found["rules"][0]["id"] == "R1"
    assert found["rules"][0]["clauses"] == []


def test_json_of_a_refused_policy_names_place_and_nearest_word(file):
    text, code = checked(file(HEAD.replace("规则", "规侧")), "--json")
    finding = json.loads(text)["findings"][0]

    assert code == 1
    assert (finding["line"], finding["column"], finding["near"]) == (4, 1, "规则")


def test_a_file_too_long_is_refused_after_the_first_bytes(file):
    text, code = checked(file("政策: " + "长" * check_policy.SIZE))

    assert code == 1
    assert "不得超过512000字节" in text


def test_a_file_that_cannot_be_read_is_bad_input(file, tmp_path):
    for path, said in ((tmp_path / "none.yaml", "none.yaml"), (file(b"\xff\xfe"), "不是 UTF-8 编码")):
        with pytest.raises(CommandError, match=said) as refused:
            checked(path)
        assert refused.value.returncode == 2
