"""Courses to start from: one at least for each indicator of the shipped schemes. No classes: those are the bureau's."""

from django.db import migrations

PROVIDER = "市局教育训练部门"
COURSES = [
    # code, name, English name, indicators it serves, hours
    ("QZ-01", "群众工作与沟通", "Community work and communication", ["群众满意度", "服务满意度"], 40),
    ("MD-01", "矛盾纠纷排查化解", "Finding and settling disputes", ["矛盾就地化解率", "风险排查数"], 24),
    ("XX-01", "信息采集与研判", "Collecting and judging information", ["信息采集率", "风险排查数"], 24),
    ("YF-01", "社区警务与犯罪预防", "Community policing and prevention", ["可防性案件下降率", "预防警务"], 24),
    ("ZF-01", "规范执法与证据", "Lawful enforcement and evidence", ["规范执法率", "执法质量"], 40),
    ("ZA-01", "侦查破案与追赃挽损", "Investigation and recovery of losses", ["破案质效", "追赃挽损率"], 40),
    ("BA-01", "办案流程与时限管理", "Case procedure and time limits", ["办案时限达标率", "督办按期办结率"], 16),
    ("XZ-01", "警种协作与合成作战", "Working across police branches", ["协作支援贡献"], 16),
    ("TZ-01", "台账规范与数据质量", "Records and data quality", ["台账真实率"], 16),
    ("CC-01", "接处警与现场处置", "Answering calls and acting on the scene", ["出警及时率", "现场处置规范率"], 40),
    ("DW-01", "队伍管理与带教", "Leading and coaching a team", ["队伍管理"], 24),
]


def add_courses(apps, schema_editor):
    Course = apps.get_model("training", "Course")
    for code, name, name_en, indicators, hours in COURSES:
        said = {"name": name, "name_en": name_en, "indicators": indicators, "hours": hours, "provider": PROVIDER}
        Course.objects.get_or_create(code=code, defaults=said)


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial")]

    operations = [migrations.RunPython(add_courses, migrations.RunPython.noop)]
