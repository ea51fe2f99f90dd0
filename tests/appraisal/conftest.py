"""What the tests of the appraisal share: a folder to load, cycles and results to look at."""

from datetime import date

import pytest

from appraisal.models import Cycle, Result, SchemeWeight
from people.accounts import machine
from people.models import Posting

FILES = {
    "units.csv": """code,name,parent,kind,peer_group
B00,海州市公安局,,市局,
F01,城东分局,B00,分局,分局
F01P01,新华派出所,F01,派出所,城区派出所
""",
    "officers.csv": """badge,name,sex,born_on,joined_on,unit,post_type,rank,employment,email
2200001,何帅欣,男,1969-11-03,2003-02-08,F01P01,社区民警,一级警员,在编,o1@police.example
2200002,陈晨丹,女,1974-07-23,2004-10-18,F01P01,内勤,二级警长,在编,
""",
    "postings.csv": """badge,unit,post_type,is_leader,from,to
2200001,F01P01,社区民警,否,2015-01-01,2024-02-29
2200001,F01P01,社区民警,是,2024-03-01,
2200002,F01P01,内勤,否,2015-01-01,
""",
    "cycles.csv": """code,kind,starts_on,ends_on
2024,annual,2024-01-01,2024-12-31
2025,annual,2025-01-01,2025-12-31
2025Q4,quarterly,2025-10-01,2025-12-31
""",
    "schemes.csv": """applies_to,indicator,weight
社区民警,群众满意度,60
社区民警,风险排查数,40
内勤,服务满意度,100
单位,执法质量,100
""",
    "results-annual.csv": """cycle,subject,status,score,grade,recorded_on,群众满意度,风险排查数,服务满意度,执法质量
2024,2200001,graded,72.89,称职,2025-01-12,79.5,70.2,,
2025,2200001,graded,92,优秀,2026-01-12,91,93.5,,
2025,2200002,ungraded,,,2026-01-12,,,,
2025,F01P01,graded,81.5,良好,2026-01-12,,,,81.5
""",
    "results-quarterly.csv": """cycle,subject,status,score,grade,recorded_on,群众满意度
2025Q4,2200001,graded,73,较好,2026-01-06,73
""",
    "facts.csv": """subject,kind,level,from,to,recorded_on,note
2200001,award,嘉奖,2025-02-01,,2025-02-03,
2200002,leave,病假,2025-01-21,2025-08-19,2025-01-22,住院
""",
    "workload.csv": """badge,cycle,calls,cases,duty_hours,leave_days
2200001,2025-01,21,5,165,0
""",
    "staffing.csv": """unit,cycle,establishment,present
F01P01,2025-01,20,19
""",
}


@pytest.fixture
def folder(tmp_path):
    """A small bureau's folder in which nothing is wrong."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def change(folder):
    """Write something else into a file of the folder."""

    def change(name, before, after):
        text = (folder / name).read_text(encoding="utf-8")
        assert before in text
        (folder / name).write_text(text.replace(before, after, 1), encoding="utf-8")

    return change


@pytest.fixture
def loader(db):
    return machine("loader")


@pytest.fixture
def make_cycle(db):
    def make_cycle(code="2025", state="final", kind="annual", **fields):
        said = {"starts_on": date(2025, 1, 1), "ends_on": date(2025, 12, 31)}
        return Cycle.objects.create(code=code, kind=kind, state=state, **(said | fields))

    return make_cycle


@pytest.fixture
def make_result(loader):
    """A graded result of an officer or a unit."""

    def make_result(cycle, subject, grade="称职", score=75.0, **fields):
        who = {"officer": subject} if hasattr(subject, "badge") else {"unit": subject}
        said = {"status": "graded", "recorded_on": date(2026, 1, 12), "recorded_by": loader}
        return Result.objects.create(cycle=cycle, grade=grade, score=score, **who, **(said | fields))

    return make_result


@pytest.fixture
def post(db):
    """Post an officer to his unit, for good."""

    def post(officer, unit=None, **fields):
        said = {"post_type": officer.post_type, "from_day": date(2015, 1, 1)}
        return Posting.objects.create(officer=officer, unit=unit or officer.unit, **(said | fields))

    return post


@pytest.fixture
def scheme(db):
    weights = [("社区民警", "群众满意度", 60), ("社区民警", "风险排查数", 40)]
    return [
        SchemeWeight.objects.create(applies_to=who, indicator=name, weight=weight, position=number)
        for number, (who, name, weight) in enumerate(weights)
    ]
