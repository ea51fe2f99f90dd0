"""What a bad line is answered with: file, line, column, what is wrong, what is right."""

import pytest

from appraisal.loading.folder import BadFolder, load_folder

pytestmark = pytest.mark.django_db


def problems(folder):
    with pytest.raises(BadFolder) as bad:
        load_folder(folder)
    return [(p.file, p.line, p.column, f"{p.wrong}。{p.expected}") for p in bad.value.problems]


# file, what stood there, what stands there now; line and column named, words said
BAD_LINES = [
    # units
    ("units.csv", "F01P01,新华派出所,F01", "F01P01,新华派出所,F0I", 4, "parent", "没有这个单位"),
    ("units.csv", "F01P01,新华派出所,F01", "F01P01,,F01", 4, "name", "没有填写"),
    ("units.csv", "F01,城东分局,B00", "F01,城东分局,F01P01", 3, "parent", "绕成了一圈"),
    ("units.csv", "F01P01,新华派出所", "F01,新华派出所", 4, "code", "与第 3 行重复"),
    ("units.csv", "F01P01,新华", "F01/P01,新华", 4, "code", "应为 1 到 20 个字母"),
    # officers
    ("officers.csv", "2200002,陈", "2200001,陈", 3, "badge", "与第 2 行重复"),
    ("officers.csv", "1969-11-03", "1969-11-31", 2, "born_on", "应为 2025-12-31 这样的日期"),
    ("officers.csv", "1969-11-03", "03.11.1969", 2, "born_on", "应为 2025-12-31 这样的日期"),
    ("officers.csv", "2003-02-08", "1960-02-08", 2, "joined_on", "早于“born_on”"),
    ("officers.csv", "F01P01,社区民警,一级", "F01P02,社区民警,一级", 2, "unit", "是不是“F01P01”？"),
    ("officers.csv", "F01P01,社区民警,一级", "F01P01,社区民井,一级", 2, "post_type", "是不是“社区民警”？"),
    ("officers.csv", "o1@police.example", "o1", 2, "email", "这样的邮箱"),
    ("officers.csv", "在编,o1", ",o1", 2, "employment", "没有填写"),
    ("officers.csv", "何帅欣", "何" * 51, 2, "name", "太长，最多 50 个字"),
    # postings
    ("postings.csv", "2200002,F01P01,内勤", "2200009,F01P01,内勤", 4, "badge", "没有这个警号"),
    ("postings.csv", "内勤,否", "内勤,不", 4, "is_leader", "应为：是、否"),
    ("postings.csv", "2024-02-29", "2024-03-01", 3, "from", "任职日期与第 2 行重叠"),
    ("postings.csv", "2024-02-29", "", 3, "from", "重叠从 2024-03-01 起"),
    ("postings.csv", "2015-01-01,2024-02-29", "2015-01-01,2014-01-01", 2, "to", "早于“from”"),
    # cycles and schemes
    ("cycles.csv", "2025Q4,quarterly", "2025Q4,quartely", 4, "kind", "是不是“quarterly”？"),
    ("cycles.csv", "2025-01-01,2025-12-31", "2025-12-31,2025-01-01", 3, "ends_on", "早于“starts_on”"),
    ("cycles.csv", "2025-01-01,2025-12-31", "2024-06-01,2025-12-31", 3, "starts_on", "与同类周期 2024 的日期重叠"),
    ("schemes.csv", "风险排查数,40", "风险排查数,30", 3, "weight", "“社区民警”的权重合计 90。应为 100"),
    ("schemes.csv", "风险排查数,40", "风险排查数,many", 3, "weight", "应为 0 到 100 的数"),
    ("schemes.csv", "社区民警,风险排查数,40", "社区民警,群众满意度,40", 3, "indicator", "与第 2 行重复"),
    # results
    ("results-annual.csv", "2024,2200001", "2042,2200001", 2, "cycle", "没有这个考核周期"),
    ("results-annual.csv", "2024,2200001", ",2200001", 2, "cycle", "没有填写"),
    ("results-annual.csv", "2024,2200001", "2024,", 2, "subject", "没有填写"),
    ("results-annual.csv", "2024,2200001", "2024,2200007", 2, "subject", "没有这个警号或单位代码"),
    ("results-annual.csv", "graded,72.89", "grade,72.89", 2, "status", "是不是“graded”？"),
    ("results-annual.csv", "称职,2025-01-12", "较好,2025-01-12", 2, "grade", "应为：优秀、称职、基本称职、不称职"),
    ("results-annual.csv", "良好", "称职", 5, "grade", "应为：优秀、良好、一般、较差"),
    ("results-quarterly.csv", "较好", "称职", 2, "grade", "应为：好、较好、一般、较差"),
    ("results-annual.csv", "称职,2025-01-12", ",2025-01-12", 2, "grade", "状态是 graded，却没有等次"),
    ("results-annual.csv", "ungraded,,,", "ungraded,,称职,", 4, "grade", "状态不是 graded，不应有等次"),
    ("results-annual.csv", "ungraded,,,", "ungraded,70,,", 4, "score", "状态不是 graded，不应有得分"),
    ("results-annual.csv", "72.89", "7O.89", 2, "score", "应为 0 到 1000 的数"),
    ("results-annual.csv", "72.89", "NaN", 2, "score", "应为 0 到 1000 的数"),
    ("results-annual.csv", "72.89", "9" * 400, 2, "score", "应为 0 到 1000 的数"),
    ("results-annual.csv", "72.89", "-1", 2, "score", "应为 0 到 1000 的数"),
    ("results-annual.csv", "2025-01-12", "2025-13-12", 2, "recorded_on", "应为 2025-12-31 这样的日期"),
    ("results-annual.csv", "2025-01-12", "2023-01-12", 2, "recorded_on", "早于周期首日"),
    ("results-annual.csv", "79.5,70.2,,", "79.5,70.2,66,", 2, "服务满意度", "2200001 的考核方案里没有这项指标"),
    ("results-annual.csv", "79.5,70.2,,", "79.5,high,,", 2, "风险排查数", "写的是“high”"),
    # facts and months
    ("facts.csv", "award,嘉奖", "awards,嘉奖", 2, "kind", "是不是“award”？"),
    ("facts.csv", "award,嘉奖", "award,", 2, "level", "奖励没有写级别"),
    ("facts.csv", "2025-01-21,2025-08-19", "2025-08-21,2025-08-19", 3, "to", "早于“from”"),
    ("facts.csv", "2200002,leave", "22OOOO2,leave", 3, "subject", "没有这个警号或单位代码"),
    ("workload.csv", "2025-01", "2025-1", 2, "cycle", "应为 2025-12 这样的月份"),
    ("workload.csv", "21,5", "2.5,5", 2, "calls", "的整数"),
    ("workload.csv", "165,0", "165,32", 2, "leave_days", "应为 0 到 31 的整数"),
    ("workload.csv", "21,5", ",5", 2, "calls", "没有填写"),
    ("staffing.csv", "20,19", "20," + "9" * 30, 2, "present", "应为 0 到 100000 的整数"),
]


@pytest.mark.parametrize(("name", "before", "after", "line", "column", "words"), BAD_LINES)
def test_a_bad_line_is_named(folder, change, name, before, after, line, column, words):
    change(name, before, after)
    found = [said for file, at, where, said in problems(folder) if (file, at, where) == (name, line, column)]
    assert len(found) == 1
    assert words in found[0]


# file, what stood there, what stands there now, words said of the file
BAD_FILES = [
    ("officers.csv", "badge,name,sex", "badge,name,gender", "缺少这一列"),
    ("officers.csv", "badge,name,sex", "badge,name,sex2", "是不是“sex”？"),
    ("facts.csv", "note\n", "note,note\n", "这一列出现了不止一次"),
    ("facts.csv", "2025-01-22,住院", "2025-01-22,住院,又", "有 8 列，表头有 7 列"),
    ("facts.csv", "2025-01-22,住院", '2025-01-22,"住院', "不是完整的 CSV"),
    ("facts.csv", "住院", "住\0院", "含有空字符（NUL）"),
    ("facts.csv", "住院", "院" * 100_001, "不是完整的 CSV"),
    ("results-annual.csv", "服务满意度", "服务满意率", "是不是“服务满意度”？"),
]


@pytest.mark.parametrize(("name", "before", "after", "words"), BAD_FILES)
def test_a_bad_file_is_named(folder, change, name, before, after, words):
    change(name, before, after)
    assert any(file == name and words in said for file, _line, _column, said in problems(folder))


@pytest.mark.parametrize(
    ("encoding", "words"), [("gb18030", "GB18030"), ("utf-16", "UTF-16"), ("utf-8-sig", "")], ids=str
)
def test_another_encoding_is_recognised(folder, encoding, words):
    text = (folder / "units.csv").read_text(encoding="utf-8")
    (folder / "units.csv").write_text(text, encoding=encoding)
    if not words:
        assert load_folder(folder)
        return
    assert any(file == "units.csv" and words in said for file, _line, _column, said in problems(folder))


@pytest.mark.parametrize("name", ["units.csv", "officers.csv", "facts.csv", "staffing.csv"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    assert any(found[0] == name and "缺少这个文件" in found[3] for found in problems(folder))


def test_a_folder_without_results_is_refused(folder):
    for path in folder.glob("results-*.csv"):
        path.unlink()
    assert ("results-*.csv", 0, "") in [found[:3] for found in problems(folder)]


def test_a_misspelt_file_is_not_left_out_silently(folder):
    (folder / "results-annual.csv").rename(folder / "result-annual.csv")
    assert any(
        found[0] == "result-annual.csv" and "是不是“results-annual.csv”" in found[3] for found in problems(folder)
    )


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe", b"\0\0\0", b'"', b"a,b\n1"])
def test_rubbish_is_refused_in_words(folder, content):
    (folder / "facts.csv").write_bytes(content)
    assert any(found[0] == "facts.csv" for found in problems(folder))


def test_a_quoted_line_break_does_not_shift_the_lines(folder, change):
    change("facts.csv", "2025-02-03,", '2025-02-03,"一行\n又一行"')
    change("facts.csv", "2025-08-19", "2025-08-99")
    assert [(line, column) for _file, line, column, _said in problems(folder)] == [(4, "to")]


def test_every_bad_line_is_named_at_once(folder, change):
    change("units.csv", "市局,", ",")
    change("officers.csv", "男,", "他,")
    change("facts.csv", "award", "prize")
    change("staffing.csv", "20,19", "x,y")
    assert len(problems(folder)) == 5


def test_a_known_cycle_keeps_its_days(folder, change):
    load_folder(folder)
    change("cycles.csv", "2025-01-01,2025-12-31", "2025-01-01,2025-12-30")
    assert [(p[1], p[2]) for p in problems(folder)] == [(3, "code")]


def test_a_known_unit_is_not_hung_elsewhere(folder, change):
    load_folder(folder)
    change("units.csv", "新华派出所,F01", "新华派出所,B00")
    assert [(p[1], p[2]) for p in problems(folder)] == [(4, "parent")]


def test_a_stay_may_not_overlap_one_known_already(folder, change):
    load_folder(folder)
    change("postings.csv", "2200002,F01P01,内勤,否,2015-01-01,", "2200002,F01P01,内勤,否,2020-01-01,")
    ((_file, line, column, said),) = problems(folder)
    assert (line, column) == (4, "from")
    assert "任职日期与已有的任职经历重叠" in said
