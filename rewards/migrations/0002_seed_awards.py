"""The awards of the reference policy and the ranks above them. A bureau edits them; what is there is left alone."""

from django.db import migrations

# code, English, rank, organ, notice days, entitlement, inspection office asked, words on the certificate, basis
AWARDS = [
    ("晋档", "Wage step", 10, "branch", 0, True, False, "晋升一个工资档次", "公务员考核规定(2020) 20(1)"),
    ("通报表扬", "Commendation notice", 20, "branch", 0, False, False, "予以通报表扬", "派出所绩效考核“找差距”"),
    ("嘉奖", "Commendation", 30, "branch", 5, False, False, "工作成绩突出，给予嘉奖", "公务员考核规定(2020) 19(1)"),
    (
        "三等功",
        "Third-class merit",
        40,
        "bureau",
        7,
        False,
        True,
        "工作成绩显著，记三等功",
        "公务员考核规定(2020) 19(2)",
    ),
    (
        "二等功",
        "Second-class merit",
        50,
        "bureau",
        7,
        False,
        True,
        "作出重要贡献，记二等功",
        "公安机关人民警察奖励条令",
    ),
    ("一等功", "First-class merit", 60, "bureau", 7, False, True, "作出重大贡献，记一等功", "公安机关人民警察奖励条令"),
]
NAMES = ("name_en", "rank", "organ", "notice_days", "entitlement", "needs_discipline", "text", "basis")


def seed(apps, schema_editor):
    award = apps.get_model("rewards", "Award")
    for code, *terms in AWARDS:
        award.objects.get_or_create(code=code, defaults=dict(zip(NAMES, terms, strict=True)))


class Migration(migrations.Migration):
    dependencies = [("rewards", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
